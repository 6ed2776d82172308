package io.sightline.interleave;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.engine.Torch;
import io.sightline.family.LoadOptions;
import io.sightline.fixtures.Fixtures;
import io.sightline.graph.Block;
import io.sightline.graph.WireReader;
import io.sightline.nn.Module;
import io.sightline.nn.Sequential;
import io.sightline.nn.WrapperModule;
import io.sightline.trace.TraceableModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** nnsight's graphs on the models that users open: their inputs are batched and padded as nnsight does it. */
class TraceableModelFixtureTest {
    static Stream<String> graphs() throws IOException {
        return GraphFixtureTest.graphs();
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void givesTheValuesThatNnsightGaveAndLeavesNothingBehind(String name) throws IOException {
        Path folder = Fixtures.path("graphs/" + name);
        ExpectedValues expected = new ExpectedValues(folder);
        String directory = expected.model().startsWith("tiny:")
                ? "tiny/" + expected.model().substring(5)
                : "models/" + expected.model();
        long before = Torch.liveTensors();
        List<String> printed = new ArrayList<>();
        Block block = WireReader.read(folder.resolve("request.json"));
        try (TraceableModel<?> model =
                TraceableModel.open(Fixtures.path(directory), new LoadOptions("auto", "cpu", "eager"))) {
            if (expected.json().has("attachments")
                    && !expected.json().get("attachments").isEmpty()) {
                Module block0 =
                        Objects.requireNonNull(model.module().namedModules().get("transformer.h.0"));
                block0.mount("attachment", new Sequential(Map.of("one", new WrapperModule())));
            }
            try (Results results = Interleaver.of(block, model, printed::add).run()) {
                expected.compare(results);
            }
        }
        assertThat(Torch.liveTensors()).isEqualTo(before);
    }
}
