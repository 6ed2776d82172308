package io.sightline.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.checkpoint.safetensors.SafetensorsFile;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Torch;
import io.sightline.family.Families;
import io.sightline.family.LoadOptions;
import io.sightline.family.PretrainedModel;
import io.sightline.fixtures.Checkpoints;
import io.sightline.fixtures.Fixtures;
import io.sightline.nn.HookHandle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Greedy generation of every fixture checkpoint there is a family for, against transformers' own. */
class GenerationReferenceTest {
    private static final GenerateOptions EIGHT = GenerateOptions.DEFAULT.withMaxNewTokens(8);

    static Stream<Arguments> modelsKernelsAndCaches() {
        return models().flatMap(name -> Stream.of("eager", "sdpa")
                .filter(kernel -> !(kernel.equals("sdpa") && name.equals("gemma2")))
                .flatMap(kernel -> Stream.of(KeyValueCache.values()).map(cache -> Arguments.of(name, kernel, cache))));
    }

    private static Stream<String> models() {
        try (Stream<Path> directories = Files.list(Fixtures.path("models"))) {
            return directories.map(path -> path.getFileName().toString()).sorted().toList().stream()
                    .filter(GenerationReferenceTest::generates);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean generates(String name) {
        try (PretrainedModel model = PretrainedModel.shapesOnly(Fixtures.path("models/" + name), LoadOptions.DEFAULT)) {
            return references(name).entries().containsKey("gen/input_ids");
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("is not supported");
            return false;
        }
    }

    private static SafetensorsFile references(String name) {
        return SafetensorsFile.open(Fixtures.path("refs/" + name + ".safetensors"));
    }

    private static PretrainedModel open(String name, String kernel) {
        return PretrainedModel.open(Fixtures.path("models/" + name), new LoadOptions("float32", "cpu", kernel));
    }

    @ParameterizedTest
    @MethodSource("modelsKernelsAndCaches")
    void greedyTokensAndLogitsOfEachStepAreTransformers(String name, String kernel, KeyValueCache cache) {
        SafetensorsFile reference = references(name);
        long before = Torch.liveTensors();
        List<float[]> logits = new ArrayList<>();
        try (PretrainedModel model = open(name, kernel);
                Scope scope = Scope.open();
                HookHandle hook = model.module().registerForwardHook((module, args, output) -> {
                    Tensor step = (Tensor) ((Map<?, ?>) output).get("logits");
                    assertThat(step.size(1)).isEqualTo(1);
                    logits.add(step.toFloatArray());
                    return output;
                })) {
            Tensor ids = new Decoder(model.module(), options(name).with(cache))
                    .generate(reference.tensor("gen/input_ids"), null);
            String expected = cache == KeyValueCache.KEPT ? "gen/ids_cache" : "gen/ids_nocache";
            assertThat(ids.toLongArray()).isEqualTo(reference.tensor(expected).toLongArray());
            assertClose(logits, reference.tensor("gen/step_logits"));
        }
        assertThat(Torch.liveTensors()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("modelsKernelsAndCaches")
    void aLeftPaddedBatchGivesTransformersTokens(String name, String kernel, KeyValueCache cache) {
        SafetensorsFile reference = references(name);
        long before = Torch.liveTensors();
        try (PretrainedModel model = open(name, kernel);
                Scope scope = Scope.open()) {
            Tensor ids = new Decoder(model.module(), options(name).with(cache))
                    .generate(reference.tensor("gen_batch/input_ids"), reference.tensor("gen_batch/attention_mask"));
            String expected = cache == KeyValueCache.KEPT ? "gen_batch/ids_cache" : "gen_batch/ids_nocache";
            assertThat(ids.toLongArray()).isEqualTo(reference.tensor(expected).toLongArray());
        }
        assertThat(Torch.liveTensors()).isEqualTo(before);
    }

    private static GenerateOptions options(String name) {
        return GenerateOptions.of(Fixtures.path("models/" + name)).withMaxNewTokens(EIGHT.maxNewTokens());
    }

    private static void assertClose(List<float[]> steps, Tensor expected) {
        float[] all = expected.toFloatArray();
        int width = (int) expected.size(1);
        assertThat(steps).hasSize((int) expected.size(0));
        for (int i = 0; i < all.length; i++) {
            float actual = steps.get(i / width)[i % width];
            assertThat(Math.abs(actual - all[i]))
                    .as("step %s, token %s", i / width, i % width)
                    .isLessThanOrEqualTo(2e-4f + 2e-4f * Math.abs(all[i]));
        }
    }

    @Test
    void gpt2RunsOutOfPositions() {
        try (PretrainedModel model = open("gpt2", "sdpa");
                Scope scope = Scope.open()) {
            long positions = model.config().integer("n_positions", 1024);
            Tensor prompt = Tensor.of(new long[(int) positions - 1], 1, positions - 1);
            Decoder decoder = new Decoder(model.module(), EIGHT.withMaxNewTokens(2));
            assertThat(decoder.generate(prompt, null).size(1)).isEqualTo(positions + 1);
            assertThatThrownBy(() -> new Decoder(model.module(), EIGHT.withMaxNewTokens(3)).generate(prompt, null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a sequence of " + (positions + 1) + " tokens is longer");
        }
    }

    @Test
    void aModelThatFillsMasksGeneratesNothing() {
        try (PretrainedModel model = open("bert", "sdpa");
                Scope scope = Scope.open()) {
            Tensor prompt = Tensor.of(new long[] {3, 4}, 1, 2);
            assertThatThrownBy(() -> new Decoder(model.module(), EIGHT).generate(prompt, null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("BertForMaskedLM can't generate");
        }
    }

    /** By the fixtures here, or by the checkpoints of OddCheckpointsTest, whose tokens it compares in the same way. */
    @Test
    void everySupportedFamilyThatGeneratesHasReferenceTokens() {
        Stream<Path> odd = Checkpoints.names().stream()
                .filter(name -> Checkpoints.expected(name).entries().containsKey("generated/none"))
                .map(Checkpoints::path);
        Set<String> covered = Stream.concat(models().map(name -> Fixtures.path("models/" + name)), odd)
                .map(directory ->
                        ModelConfig.read(directory.resolve("config.json")).modelType())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> generating = new TreeSet<>(Families.supported());
        generating.remove("bert");
        assertThat(covered).isEqualTo(generating);
    }
}
