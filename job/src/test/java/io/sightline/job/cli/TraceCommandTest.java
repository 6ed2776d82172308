package io.sightline.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.checkpoint.safetensors.SafetensorsFile;
import io.sightline.engine.Scope;
import io.sightline.engine.Torch;
import io.sightline.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceCommandTest {
    private static final Path GPT2 = Fixtures.path("models/gpt2");

    @TempDir
    private Path folder;

    private static Shell trace(Object... arguments) {
        long before = Torch.liveTensors();
        Shell shell = Shell.run(new TraceCommand(), arguments);
        assertThat(Torch.liveTensors()).isEqualTo(before);
        return shell;
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    /** Tensors and structure equal what nnsight gave, but for what depends on padding. */
    private static void assertEqualsNnsight(String graph, Path tensors) throws IOException {
        JsonNode expected = json(Fixtures.path("graphs/" + graph + "/expected.json"));
        JsonNode actual = json(GraphFiles.structure(tensors));
        assertThat(actual.get("values")).isEqualTo(expected.get("values"));
        SafetensorsFile mine = SafetensorsFile.open(tensors);
        SafetensorsFile theirs = SafetensorsFile.open(Fixtures.path("graphs/" + graph + "/expected.safetensors"));
        try (Scope scope = Scope.open()) {
            for (String key : mine.entries().keySet()) {
                if (!theirs.entries().containsKey("mask:" + key)) {
                    assertThat(mine.tensor(key).toFloatArray())
                            .as(key)
                            .containsExactly(theirs.tensor(key).toFloatArray(), Offset.offset(4e-4f));
                }
            }
        }
    }

    @Test
    void aGraphsValuesAndTheirStructureAreWritten() throws IOException {
        Path out = folder.resolve("new/values.safetensors");
        Shell shell = trace(GPT2, "--graph", Fixtures.path("graphs/g_save_io/request.json"), "--out", out);
        assertThat(shell.code()).isZero();
        assertThat(shell.out()).startsWith("request: ").contains("saved values", "float32 [");
        assertEqualsNnsight("g_save_io", out);
    }

    @Test
    void whatHasNoValueIsListed() throws IOException {
        Path out = folder.resolve("stop.safetensors");
        Shell shell = trace(GPT2, "--graph", Fixtures.path("graphs/g_early_stop/object.json"), "--out", out);
        assertThat(shell.code()).isZero();
        assertThat(shell.out()).contains("without a value", "no value: ");
        JsonNode expected = json(Fixtures.path("graphs/g_early_stop/expected.json"));
        assertThat(json(folder.resolve("stop.json")).get("unset")).isEqualTo(expected.get("saved_without_value"));
    }

    @Test
    void aDirectoryIsRunInOneProcessAndGoesOnAfterAFailure() throws IOException {
        Path graphs = Files.createDirectory(folder.resolve("graphs"));
        Path out = folder.resolve("out");
        for (String name : List.of("g_steering", "g_generate_next")) {
            Files.copy(Fixtures.path("graphs/" + name + "/object.json"), graphs.resolve(name + ".json"));
        }
        Files.writeString(graphs.resolve("g_bad.json"), "{\"type_name\": \"NONSENSE\"}");
        Files.writeString(graphs.resolve("notes.txt"), "no graph");
        Files.createDirectory(out);
        Files.writeString(out.resolve("g_bad.safetensors"), "left from an earlier run");
        Shell shell = trace(GPT2, "--graph", graphs, "--out", out);
        assertThat(shell.code()).isEqualTo(1);
        assertThat(shell.out()).contains("3 graphs, 1 failed");
        assertThat(shell.err()).startsWith("g_bad: failed: ").contains("g_bad.safetensors is of an earlier run");
        assertThat(out.resolve("g_bad.safetensors")).hasContent("left from an earlier run");
        assertThat(out.resolve("g_bad.json")).doesNotExist();
        assertEqualsNnsight("g_steering", out.resolve("g_steering.safetensors"));
        assertEqualsNnsight("g_generate_next", out.resolve("g_generate_next.safetensors"));
        Files.delete(graphs.resolve("g_bad.json"));
        assertThat(trace(GPT2, "--graph", graphs, "--out", out).code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "tiny:two_linear", "tiny:mlp_sigmoid", "tiny:unnamed"})
    void everyGraphOfAModelRunsInOneProcess(String model) throws IOException {
        Path graphs = Files.createDirectory(folder.resolve("graphs"));
        for (String name : graphsOf(model)) {
            Files.copy(Fixtures.path("graphs/" + name + "/object.json"), graphs.resolve(name + ".json"));
        }
        Path directory = Fixtures.path(
                model.startsWith("tiny:") ? "tiny/" + model.substring("tiny:".length()) : "models/" + model);
        Shell shell = trace(directory, "--graph", graphs, "--out", folder.resolve("out"));
        assertThat(shell.err().lines()).allMatch(line -> line.contains("the graph saves nothing"));
        assertThat(shell.code()).isZero();
        for (String name : graphsOf(model)) {
            assertEqualsNnsight(name, folder.resolve("out/" + name + ".safetensors"));
        }
    }

    /** All but the one that needs an attachment. */
    private static List<String> graphsOf(String model) throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> folders = Files.list(Fixtures.path("graphs"))) {
            for (Path each : folders.filter(Files::isDirectory).toList()) {
                JsonNode expected = json(each.resolve("expected.json"));
                if (expected.get("model").asText().equals(model)
                        && expected.path("attachments").isEmpty()) {
                    names.add(each.getFileName().toString());
                }
            }
        }
        return names;
    }

    private Path graph(String name) throws IOException {
        return Files.copy(Fixtures.path("graphs/g_steering/object.json"), folder.resolve(name));
    }

    private void assertRefused(Shell shell, String... message) {
        assertThat(shell.err()).contains(message);
        assertThat(shell.code()).isEqualTo(2);
    }

    @Test
    void aGraphIsNeverTheOutputsPlace() throws IOException {
        Path graph = graph("steer.json");
        String before = Files.readString(graph);
        assertRefused(
                trace(GPT2, "--graph", graph, "--out", folder.resolve("steer.safetensors")),
                "the values' structure goes beside steer.safetensors",
                "which is the graph itself; give another file");
        assertRefused(trace(GPT2, "--graph", graph, "--out", graph), "which is the graph itself");
        assertRefused(trace(GPT2, "--graph", folder, "--out", folder), "which is the graph itself");
        assertRefused(
                trace(GPT2, "--graph", graph, "--out", folder.resolve("x/../steer.safetensors")), "the graph itself");
        assertThat(graph).hasContent(before);
        assertThat(folder.toFile().list()).containsExactly("steer.json");
    }

    @Test
    void anotherGraphIsNeverTheOutputsPlaceEither() throws IOException {
        Path graphs = Files.createDirectory(folder.resolve("graphs"));
        Files.copy(Fixtures.path("graphs/g_steering/object.json"), graphs.resolve("a.json"));
        Path out = Files.createDirectory(folder.resolve("out"));
        Files.createSymbolicLink(graphs.resolve("b.json"), graph("b.json"));
        Files.createSymbolicLink(out.resolve("a.json"), folder.resolve("b.json"));
        assertRefused(trace(GPT2, "--graph", graphs, "--out", out), "a.json, which is a graph; give another");
    }

    @Test
    void theModelsFilesAreNeverTheOutputsPlace() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        Files.copy(GPT2.resolve("config.json"), model.resolve("config.json"));
        assertRefused(
                trace(model, "--graph", graph("g.json"), "--out", model.resolve("config.safetensors")),
                "config.json, which is one of the model's files");
    }

    @Test
    void aGraphThatFailsLeavesEarlierResultsAlone() throws IOException {
        Path out = folder.resolve("out.safetensors");
        Files.writeString(out, "earlier");
        Path bad = Files.writeString(folder.resolve("bad.json"), "{\"type_name\": \"NONSENSE\"}");
        assertThat(trace(GPT2, "--graph", bad, "--out", out).code()).isNotZero();
        assertThat(out).hasContent("earlier");
        assertThat(folder.resolve("out.json")).doesNotExist();
    }

    @Test
    void aSlashAtTheEndNamesADirectoryThatIsMade() throws IOException {
        Shell shell = trace(GPT2, "--graph", graph("g.json"), "--out", folder.resolve("new") + "/");
        assertThat(shell.code()).as(shell.err()).isZero();
        assertThat(folder.resolve("new").toFile().list()).containsExactlyInAnyOrder("g.safetensors", "g.json");
    }

    @Test
    void resultsHaveThePermissionsOfAnyNewFile() throws IOException {
        Path out = folder.resolve("out.safetensors");
        assertThat(trace(GPT2, "--graph", graph("g.json"), "--out", out).code()).isZero();
        Path any = Files.createFile(folder.resolve("any"));
        for (Path written : List.of(out, folder.resolve("out.json"))) {
            assertThat(Files.getPosixFilePermissions(written)).isEqualTo(Files.getPosixFilePermissions(any));
        }
    }

    @Test
    void anOutputThatCannotBeWrittenIsRefusedBeforeTheModelIsOpened() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertRefused(
                trace(folder, "--graph", graph("g.json"), "--out", file.resolve("x/y.safetensors")),
                "--out: cannot write to " + file.resolve("x"),
                "choose a directory that you may write to");
    }

    @Test
    void aGraphThatSavesNothingIsWarnedAbout() throws IOException {
        ObjectNode graph = (ObjectNode) json(Fixtures.path("graphs/g_steering/object.json"));
        ((ObjectNode) graph.get("graph")).putObject("nodes");
        Shell shell = trace(GPT2, "--graph", Files.writeString(folder.resolve("none.json"), graph.toString()));
        assertThat(shell.code()).as(shell.err()).isZero();
        assertThat(shell.err()).contains("warning: none: the graph saves nothing");
    }

    @Test
    void anIdOutsideTheVocabularyIsNamed() throws IOException {
        Path graph = graph("g.json");
        Files.writeString(graph, Files.readString(graph).replace("[[456,", "[[99999,"));
        Sightline run = Sightline.run("trace", GPT2, "--graph", graph);
        assertThat(run.code()).as(run.said()).isEqualTo(2);
        assertThat(run.err()).contains("token id 99999; this model has ids 0 to 511");
    }

    @Test
    void aTinyNetIsTraced() throws IOException {
        Path out = folder.resolve("tiny.safetensors");
        Shell shell = trace(
                Fixtures.path("tiny/two_linear"), "--graph", Fixtures.path("graphs/t_save/object.json"), "--out", out);
        assertThat(shell.err()).isEmpty();
        assertEqualsNnsight("t_save", out);
    }

    @Test
    void modulesThatTheGraphNeedsAreAttached() throws IOException {
        Path out = folder.resolve("a.safetensors");
        Path graph = Fixtures.path("graphs/g_edit_attachment/object.json");
        assertThat(trace(GPT2, "--graph", graph, "--attach", "transformer.h.0.attachment=one", "--out", out)
                        .code())
                .isZero();
        assertEqualsNnsight("g_edit_attachment", out);
        assertThat(trace(GPT2, "--graph", graph, "--out", out).err()).contains("transformer.h.0.attachment");
        assertThat(trace(GPT2, "--graph", graph, "--attach", "transformer.g.x").err())
                .contains("the model has no module 'transformer.g'");
    }

    @Test
    void wrongUsageIsSaid() throws IOException {
        assertThat(trace(GPT2, "--graph", folder.resolve("none.json")))
                .extracting(Shell::code)
                .isEqualTo(2);
        assertThat(trace(GPT2, "--graph", folder).err()).contains("no *.json file directly in");
        Path graph = Fixtures.path("graphs/t_save/object.json");
        assertThat(trace(folder.resolve("nothing"), "--graph", graph).err()).contains("no such model");
        Files.writeString(folder.resolve("a.json"), "{}");
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThat(trace(GPT2, "--graph", folder, "--out", file).err()).contains("--out must be one too");
    }
}
