package io.sightline.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightline.engine.Torch;
import io.sightline.family.LoadOptions;
import io.sightline.fixtures.Fixtures;
import io.sightline.graph.Block;
import io.sightline.graph.WireReader;
import io.sightline.graph.WireWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A Java program and the Python program that it mirrors give the same graph on the wire. */
class RecordedGraphTest {
    static Stream<String> snippets() {
        return Snippets.byName().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void item19And44JavaSnippetsRecordTheGraphsThatNnsightTracedFromPython(String name) throws IOException {
        Path folder = Fixtures.path("graphs/" + name);
        Block expected = WireReader.read(Files.readString(folder.resolve("object.json")));
        long before = Torch.liveTensors();
        try (TraceableModel<?> model = model(folder)) {
            Block recorded = Snippets.byName().get(name).record(model);
            assertThat(SameButForIds.lines(recorded)).isEqualTo(SameButForIds.lines(expected));
            assertThat(SameButForIds.lines(WireReader.read(WireWriter.write(recorded))))
                    .isEqualTo(SameButForIds.lines(expected));
        }
        assertThat(Torch.liveTensors()).isEqualTo(before);
    }

    static TraceableModel<?> model(Path folder) throws IOException {
        String key = new ObjectMapper()
                .readTree(folder.resolve("request.json").toFile())
                .path("model_key")
                .asText();
        String path = key.contains("models/") ? key.replaceAll(".*\"(models/[^\"]+)\".*", "$1") : key;
        Path directory = Fixtures.path(path);
        return path.startsWith("tiny/")
                ? TracedModule.open(directory, LoadOptions.DEFAULT)
                : LanguageModel.openLazily(directory, new LoadOptions("auto", "auto", "eager"));
    }
}
