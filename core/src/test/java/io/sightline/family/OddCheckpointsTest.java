package io.sightline.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sightline.checkpoint.safetensors.SafetensorsFile;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Torch;
import io.sightline.fixtures.Checkpoints;
import io.sightline.generate.Decoder;
import io.sightline.generate.GenerateOptions;
import io.sightline.generate.KeyValueCache;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Checkpoints of unusual shapes and settings (resources/checkpoints, written by its make.py) against what transformers computes on them. */
class OddCheckpointsTest {
    static Stream<Arguments> checkpointsAndKernels() {
        return Checkpoints.names().stream()
                .flatMap(name -> Stream.of("eager", "sdpa").map(kind -> Arguments.of(name, kind)));
    }

    private static PretrainedModel open(String name, String attention) {
        return PretrainedModel.open(Checkpoints.path(name), new LoadOptions("float32", "cpu", attention));
    }

    @ParameterizedTest
    @MethodSource("checkpointsAndKernels")
    void logitsHiddenStatesAndAttentionsAreTransformers(String name, String attention) {
        long before = Torch.liveTensors();
        ExpectedOutputs outputs = new ExpectedOutputs(name, 2e-5);
        try (PretrainedModel model = open(name, attention)) {
            outputs.run(model);
        }
        assertThat(outputs.failures()).isEmpty();
        assertThat(Torch.liveTensors()).isEqualTo(before);
    }

    static Stream<String> checkpointsWithATree() {
        return Checkpoints.names().stream()
                .filter(name -> Files.exists(Checkpoints.path(name).resolve("tree.txt")));
    }

    @ParameterizedTest
    @MethodSource("checkpointsWithATree")
    void theTreeIsWhatTransformersPrints(String name) throws IOException {
        try (PretrainedModel model = PretrainedModel.shapesOnly(Checkpoints.path(name), LoadOptions.DEFAULT)) {
            assertThat(model.module() + "\n")
                    .isEqualTo(Files.readString(Checkpoints.path(name).resolve("tree.txt")));
        }
    }

    @ParameterizedTest
    @MethodSource("checkpointsAndKernels")
    void greedyTokensAreTransformersWithAndWithoutCache(String name, String attention) {
        SafetensorsFile expected = Checkpoints.expected(name);
        assumeTrue(expected.entries().containsKey("generated/none"), "an encoder generates nothing");
        try (PretrainedModel model = open(name, attention);
                Scope scope = Scope.open()) {
            for (KeyValueCache cache : KeyValueCache.values()) {
                GenerateOptions options =
                        GenerateOptions.DEFAULT.withMaxNewTokens(6).with(cache);
                Tensor ids = new Decoder(model.module(), options)
                        .generate(expected.tensor("left_pos/input_ids"), expected.tensor("left_pos/attention_mask"));
                String key = "generated/" + cache.name().toLowerCase(Locale.ROOT);
                assertThat(ids.toLongArray())
                        .as(key)
                        .isEqualTo(expected.tensor(key).toLongArray());
            }
        }
    }
}
