package io.sightline.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightline.checkpoint.safetensors.SafetensorsFile;
import io.sightline.engine.Scope;
import io.sightline.engine.Torch;
import io.sightline.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerateCommandTest {
    private static final Path GPT2 = Fixtures.path("models/gpt2");
    private static final String PROMPT = "When the rain stopped, the";

    @TempDir
    private Path folder;

    private static Shell generate(Object... arguments) {
        long before = Torch.liveTensors();
        Shell shell = Shell.run(new GenerateCommand(), arguments);
        assertThat(Torch.liveTensors()).isEqualTo(before);
        return shell;
    }

    private static JsonNode json(Shell shell) throws IOException {
        assertThat(shell.err()).isEmpty();
        return new ObjectMapper().readTree(shell.out());
    }

    private static List<Long> ids(JsonNode array) {
        List<Long> ids = new ArrayList<>();
        array.forEach(id -> ids.add(id.asLong()));
        return ids;
    }

    private static List<Long> reference(String model, String name) {
        try (Scope scope = Scope.open()) {
            long[] ids = SafetensorsFile.open(Fixtures.path("refs/" + model + ".safetensors"))
                    .tensor(name)
                    .toLongArray();
            return Arrays.stream(ids).boxed().toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama"})
    void jsonHasTransformersIdsAndText(String model) throws IOException {
        JsonNode json = json(generate(
                Fixtures.path("models/" + model), "--prompt", PROMPT, "--max-new-tokens", 8, "--format", "json"));
        assertThat(ids(json.get("input_ids"))).isEqualTo(reference(model, "gen/input_ids"));
        assertThat(ids(json.get("output_ids"))).isEqualTo(reference(model, "gen/ids_cache"));
        assertThat(json.get("text"))
                .isEqualTo(new ObjectMapper()
                        .readTree(Fixtures.path("refs/" + model + ".json").toFile())
                        .get("gen_text"));
    }

    @Test
    void anIdOutsideTheVocabularyIsNamed() {
        Sightline run = Sightline.run("generate", GPT2, "--input-ids", "0,19,99999");
        assertThat(run.code()).as(run.said()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("sightline: token id 99999; this model has ids 0 to 511\n");
    }

    @Test
    void withoutACacheTheTokensAreTheSame() throws IOException {
        JsonNode json =
                json(generate(GPT2, "--prompt", PROMPT, "--max-new-tokens", 8, "--no-cache", "--format", "json"));
        assertThat(ids(json.get("output_ids"))).isEqualTo(reference("gpt2", "gen/ids_nocache"));
    }

    @Test
    void idsNeedNoTokenizer() throws IOException {
        Path bare = Files.createDirectory(folder.resolve("bare"));
        for (String name : List.of("config.json", "generation_config.json", "model.safetensors")) {
            Files.copy(GPT2.resolve(name), bare.resolve(name));
        }
        String ids = String.join(
                ",",
                reference("gpt2", "gen/input_ids").stream().map(String::valueOf).toList());
        JsonNode json = json(generate(bare, "--input-ids", ids, "--max-new-tokens", 8, "--format", "json"));
        assertThat(ids(json.get("output_ids"))).isEqualTo(reference("gpt2", "gen/ids_cache"));
        assertThat(json.get("text").isNull()).isTrue();
        assertThat(generate(bare, "--input-ids", "1,2", "--max-new-tokens", 1).out())
                .startsWith("1,2,");
        assertThat(generate(bare, "--prompt", "a").err()).contains("tokenizer.json");
    }

    @Test
    void aGraphIntervenesAtItsStep() throws IOException {
        Path graph = Fixtures.path("graphs/g_generate_edit_step/object.json");
        JsonNode json = json(generate(GPT2, "--prompt", "The cat sat on the", "--graph", graph, "--format", "json"));
        try (Scope scope = Scope.open()) {
            JsonNode expected = new ObjectMapper()
                    .readTree(Fixtures.path("graphs/g_generate_edit_step/expected.json")
                            .toFile());
            String id = expected.get("graph_ids").get(0).asText();
            long[] out = SafetensorsFile.open(Fixtures.path("graphs/g_generate_edit_step/expected.safetensors"))
                    .tensor(id + "/InterventionProtocol_3")
                    .toLongArray();
            assertThat(ids(json.get("output_ids")))
                    .containsExactlyElementsOf(Arrays.stream(out).boxed().toList());
        }
    }

    @Test
    void samplingFollowsItsSeed() throws IOException {
        Object[] arguments = {GPT2, "--prompt", PROMPT, "--seed", 3, "--temperature", 2.5, "--format", "JSON"};
        JsonNode first = json(generate(arguments));
        assertThat(json(generate(arguments))).isEqualTo(first);
        arguments[4] = 4;
        assertThat(json(generate(arguments))).isNotEqualTo(first);
    }

    @Test
    void wrongUsageIsSaid() {
        assertThat(generate(GPT2)).extracting(Shell::code).isEqualTo(2);
        assertThat(generate(GPT2, "--prompt", "a", "--input-ids", "1").err()).contains("mutually exclusive");
        assertThat(generate(GPT2, "--input-ids", "1,x").err()).contains("'x' is not a long");
        assertThat(generate(GPT2, "--prompt", "").err()).contains("the prompt has no tokens");
        assertThat(generate(GPT2, "--prompt", "a", "--max-new-tokens", 0).err())
                .contains("max_new_tokens must be at least 1");
        Path session = Fixtures.path("graphs/g_session_two_traces/object.json");
        assertThat(generate(GPT2, "--prompt", "a", "--graph", session).err()).contains("brings its own inputs");
    }
}
