package io.sightline.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightline.checkpoint.safetensors.SafetensorsFile;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Torch;
import io.sightline.fixtures.Fixtures;
import io.sightline.generate.Decoder;
import io.sightline.generate.GenerateOptions;
import io.sightline.nn.Args;
import io.sightline.nn.ModelOutput;
import io.sightline.nn.Module;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bare models and heads for tasks against transformers (resources/heads, written by its make.py): each prompt alone there, batches here. */
class HeadsTest {
    private static final Path FOLDER = Fixtures.repositoryPath("core/src/test/resources/heads");
    /** Outputs of one row a text; the others have one a token. */
    private static final Set<String> OF_TEXT = Set.of("pooler_output");

    static Stream<String> names() throws IOException {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            return folders
                    .filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    static Stream<Arguments> namesAndKernels() throws IOException {
        return names().flatMap(name -> Stream.of("eager", "sdpa").map(kind -> Arguments.of(name, kind)));
    }

    private static PretrainedModel open(String name, String attention) {
        return PretrainedModel.open(FOLDER.resolve(name), new LoadOptions("float32", "cpu", attention));
    }

    private static JsonNode tree(String name) throws IOException {
        return new ObjectMapper()
                .readTree(FOLDER.resolve(name).resolve("children.json").toFile());
    }

    @ParameterizedTest
    @MethodSource("names")
    void theTreeIsThatOfItsArchitecture(String name) throws IOException {
        JsonNode tree = tree(name);
        try (PretrainedModel model = PretrainedModel.shapesOnly(FOLDER.resolve(name), LoadOptions.DEFAULT)) {
            assertThat(model.module().className()).isEqualTo(tree.path("class").asText());
            Map<String, Module> children = model.module().namedChildren();
            assertThat(children.keySet())
                    .containsExactlyElementsOf(() -> tree.path("children").fieldNames());
            tree.path("children").fields().forEachRemaining(child -> {
                Module mine = children.get(child.getKey());
                if (!child.getKey().equals("embed_tokens")) {
                    assertThat(mine.className())
                            .isEqualTo(child.getValue().path(0).asText());
                }
                if (!child.getValue().path(1).isNull()) {
                    assertThat(mine.toString())
                            .isEqualTo(child.getValue().path(1).asText());
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("namesAndKernels")
    void everyPromptOfABatchGivesWhatTransformersGivesForItAlone(String name, String attention) {
        long before = Torch.liveTensors();
        SafetensorsFile expected = SafetensorsFile.open(FOLDER.resolve(name).resolve("expected.safetensors"));
        try (PretrainedModel model = open(name, attention)) {
            for (boolean left : new boolean[] {false, true}) {
                try (Scope scope = Scope.open()) {
                    compare(expected, run(model.module(), expected, left), left);
                }
            }
        }
        assertThat(Torch.liveTensors()).isEqualTo(before);
    }

    private static Map<?, ?> run(Module module, SafetensorsFile expected, boolean left) {
        long[][] prompts = {
            expected.tensor("0/input_ids").toLongArray(),
            expected.tensor("1/input_ids").toLongArray()
        };
        int width = prompts[0].length;
        long[] ids = new long[2 * width];
        long[] mask = new long[2 * width];
        long[] positions = new long[2 * width];
        for (int row = 0; row < 2; row++) {
            int start = row * width + (left ? width - prompts[row].length : 0);
            for (int i = 0; i < prompts[row].length; i++) {
                ids[start + i] = prompts[row][i];
                mask[start + i] = 1;
                positions[start + i] = i;
            }
        }
        Map<String, Object> keywords = new LinkedHashMap<>();
        keywords.put("input_ids", Tensor.of(ids, 2, width));
        keywords.put("attention_mask", Tensor.of(mask, 2, width));
        keywords.put("position_ids", Tensor.of(positions, 2, width));
        return (Map<?, ?>) module.call(new Args(List.of(), keywords));
    }

    private static void compare(SafetensorsFile expected, Map<?, ?> outputs, boolean left) {
        for (String key : expected.entries().keySet()) {
            int row = Integer.parseInt(key.substring(0, 1));
            String output = key.substring(2);
            if (output.equals("input_ids")) {
                continue;
            }
            assertThat(outputs.containsKey(output)).as("output " + output).isTrue();
            Tensor theirs = expected.tensor(key).select(0, 0);
            Tensor mine = ((Tensor) outputs.get(output)).select(0, row);
            long length = expected.tensor(row + "/input_ids").size(1);
            boolean ofTokens = !OF_TEXT.contains(output) && theirs.size(0) == length;
            if (ofTokens) {
                mine = mine.narrow(0, left ? mine.size(0) - length : 0, length);
            }
            assertThat(mine.shape()).as(key).isEqualTo(theirs.shape());
            assertThat(mine.toFloatArray())
                    .as(key)
                    .usingComparatorWithPrecision(5e-5f)
                    .containsExactly(theirs.toFloatArray());
        }
    }

    @Test
    void generatingWithoutALanguageModelHeadSaysSo() {
        for (String name : List.of("llama_Model", "llama_ForSequenceClassification", "bert_Model")) {
            try (PretrainedModel model = open(name, "eager");
                    Scope scope = Scope.open()) {
                Decoder decoder = new Decoder(model.module(), GenerateOptions.DEFAULT.withMaxNewTokens(2));
                assertThatThrownBy(() -> decoder.generate(Tensor.of(new long[] {3, 4}, 1, 2), null))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(model.module().className() + " can't generate")
                        .hasMessageContaining("has no language model head");
            }
        }
    }

    @Test
    void labelsAreRefusedWhereTheLossIsNotComputed() {
        try (PretrainedModel model = open("gpt2_ForSequenceClassification", "eager");
                Scope scope = Scope.open()) {
            Args args = Args.of(Tensor.of(new long[] {3, 4}, 1, 2)).with("labels", Tensor.of(new long[] {1}, 1));
            assertThatThrownBy(() -> model.module().call(args))
                    .hasMessageContaining("labels are not supported by GPT2ForSequenceClassification");
        }
    }

    @Test
    void outputsAreOfTransformersClasses() {
        Map<String, String> classes = Map.of(
                "llama_ForSequenceClassification", "SequenceClassifierOutputWithPast",
                "bert_ForSequenceClassification", "SequenceClassifierOutput",
                "gpt2_ForTokenClassification", "TokenClassifierOutput",
                "opt_ForQuestionAnswering", "QuestionAnsweringModelOutput",
                "bert_Model", "BaseModelOutputWithPoolingAndCrossAttentions");
        classes.forEach((name, expected) -> {
            try (PretrainedModel model = open(name, "sdpa");
                    Scope scope = Scope.open()) {
                Object output = model.module().call(Args.of(Tensor.of(new long[] {3, 4}, 1, 2)));
                assertThat(((ModelOutput) output).className()).isEqualTo(expected);
            }
        });
    }
}
