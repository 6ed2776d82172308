package io.sightline.interleave;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.engine.Torch;
import io.sightline.fixtures.Fixtures;
import io.sightline.graph.Block;
import io.sightline.graph.WireReader;
import io.sightline.graph.WireWriter;
import io.sightline.nn.Module;
import io.sightline.nn.Sequential;
import io.sightline.nn.WrapperModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every graph that the real nnsight 0.3.7 traced gives the values that it gave there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayName("PARITY 11-30, 32, 36-39, 42, 44, 46: nnsight 0.3.7's graphs")
class GraphFixtureTest {
    private final Map<String, TestModel> models = new HashMap<>();

    static Stream<String> graphs() throws IOException {
        try (Stream<Path> folders = Files.list(Fixtures.path("graphs"))) {
            return folders
                    .filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private TestModel model(ExpectedValues expected) {
        String name = expected.model().startsWith("tiny:")
                ? "tiny/" + expected.model().substring(5)
                : "models/" + expected.model();
        return models.computeIfAbsent(name, TestModel::new);
    }

    @AfterAll
    void close() {
        models.values().forEach(TestModel::close);
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void givesTheValuesThatNnsightGave(String name) throws IOException {
        Path folder = Fixtures.path("graphs/" + name);
        ExpectedValues expected = new ExpectedValues(folder);
        TestModel model = model(expected);
        Module first = model.module().namedModules().get("transformer.h.0");
        if (expected.json().has("attachments")
                && !expected.json().get("attachments").isEmpty()) {
            java.util.Objects.requireNonNull(first)
                    .mount("attachment", new Sequential(Map.of("one", new WrapperModule())));
        }
        List<String> printed = new ArrayList<>();
        long before = Torch.liveTensors();
        Block block = WireReader.read(folder.resolve("request.json"));
        try (Results results = Interleaver.of(block, model, printed::add).run()) {
            expected.compare(results);
        }
        assertThat(Torch.liveTensors()).isEqualTo(before);
        String stdout = expected.json().path("stdout").asText("");
        assertThat(String.join("\n", printed)).isEqualTo(stdout.strip());
        assertThat(model.module().namedModules().values().stream()
                        .mapToInt(Module::hookCount)
                        .sum())
                .isZero();
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void isWrittenAndReadAgainTheSame(String name) throws IOException {
        String text = Files.readString(Fixtures.path("graphs/" + name).resolve("object.json"));
        Block block = WireReader.read(text);
        String written = WireWriter.write(block);
        assertThat(new com.fasterxml.jackson.databind.ObjectMapper().readTree(written))
                .isEqualTo(new com.fasterxml.jackson.databind.ObjectMapper().readTree(text));
        assertThat(WireReader.read(written)).isEqualTo(block);
        assertThat(WireReader.read(WireWriter.writeRequest(block, "key"))).isEqualTo(block);
    }
}
