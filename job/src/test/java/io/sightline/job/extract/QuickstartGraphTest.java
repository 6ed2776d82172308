package io.sightline.job.extract;

import static io.sightline.envoy.Index.all;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.family.LoadOptions;
import io.sightline.fixtures.Fixtures;
import io.sightline.graph.WireWriter;
import io.sightline.trace.Invoker;
import io.sightline.trace.LanguageModel;
import io.sightline.trace.Tracer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The graph of the quickstart, {@code conf/quickstart/graph.json}, as the trace API records it. */
class QuickstartGraphTest {
    private static final Path FILE = Fixtures.repositoryPath("conf/quickstart/graph.json");

    /** Every prompt twice: as it is, and without what the attention of block 2 says. */
    private static String recorded() {
        Path directory = Fixtures.repositoryPath("conf/quickstart/model");
        try (LanguageModel model = LanguageModel.openLazily(directory, LoadOptions.DEFAULT);
                Tracer trace = model.trace()) {
            try (Invoker plain = trace.invoke("3 plus 4 is")) {
                model.get("lm_head").output().get(all(), -1).argmax(-1).save();
            }
            try (Invoker edited = trace.invoke("3 plus 4 is")) {
                model.get("transformer.h.2.attn").output().get(0).at(all()).set(0);
                model.get("lm_head").output().get(all(), -1).argmax(-1).save();
            }
            return WireWriter.write(trace.block());
        }
    }

    /** To mend the file after a change: run with {@code -Dsightline.write=true}. */
    @Test
    void theFileIsWhatTheTraceApiWrites() throws IOException {
        JsonNode fresh = withoutId(recorded());
        if (Boolean.getBoolean("sightline.write")) {
            Files.writeString(FILE, fresh.toPrettyString() + "\n");
        }
        assertThat(withoutId(Files.readString(FILE))).isEqualTo(fresh);
    }

    /** A graph's id only has to differ from others in the same request. */
    private static JsonNode withoutId(String json) throws IOException {
        JsonNode tree = new ObjectMapper().readTree(json);
        ((ObjectNode) tree.get("graph")).put("id", 1);
        return tree;
    }
}
