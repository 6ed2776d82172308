package io.sightline.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Torch;
import io.sightline.nn.HookHandle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecoderTest {
    private final CountingModel model = new CountingModel();

    private long[] generate(GenerateOptions options, long[] ids, long[] mask, int rows) {
        long before = Torch.liveTensors();
        try (Scope scope = Scope.open()) {
            Tensor maskTensor = mask.length == 0 ? null : Tensor.of(mask, rows, mask.length / rows);
            Tensor sequences =
                    new Decoder(model, options).generate(Tensor.of(ids, rows, ids.length / rows), maskTensor);
            return sequences.toLongArray();
        } finally {
            assertThat(Torch.liveTensors()).isEqualTo(before);
        }
    }

    private static GenerateOptions tokens(int count) {
        return GenerateOptions.DEFAULT.withMaxNewTokens(count);
    }

    @Test
    void withACacheTheFirstCallHasThePromptAndEachLaterOneOneToken() {
        assertThat(generate(tokens(3), new long[] {3, 4}, new long[0], 1)).containsExactly(3, 4, 5, 6, 7);
        assertThat(model.calls)
                .containsExactly(
                        "[3, 4] mask [1, 1] positions [0, 1]",
                        "[5] mask [1, 1, 1] positions [2]",
                        "[6] mask [1, 1, 1, 1] positions [3]");
    }

    @Test
    void withoutACacheEachCallHasTheWholeSequence() {
        assertThat(generate(tokens(2).with(KeyValueCache.NONE), new long[] {3, 4}, new long[0], 1))
                .containsExactly(3, 4, 5, 6);
        assertThat(model.calls)
                .containsExactly("[3, 4] mask [1, 1] positions [0, 1]", "[3, 4, 5] mask [1, 1, 1] positions [0, 1, 2]");
    }

    @Test
    void positionsOfALeftPaddedBatchCountRealTokens() {
        generate(tokens(2), new long[] {0, 0, 3, 5, 6, 7}, new long[] {0, 0, 1, 1, 1, 1}, 2);
        assertThat(model.calls)
                .containsExactly(
                        "[0, 0, 3][5, 6, 7] mask [0, 0, 1][1, 1, 1] positions [1, 1, 0][0, 1, 2]",
                        "[4][8] mask [0, 0, 1, 1][1, 1, 1, 1] positions [1][3]");
    }

    @Test
    void aRowThatTookItsEndIsFilledWithPadsUntilTheOthersFinish() {
        GenerateOptions options = tokens(9).withEosTokenIds(List.of(6L, 9L)).withPadTokenId(0L);
        assertThat(generate(options, new long[] {4, 7, 2}, new long[0], 3))
                .containsExactly(4, 5, 6, 0, 0, 7, 8, 9, 0, 0, 2, 3, 4, 5, 6);
        assertThat(model.calls).hasSize(4);
    }

    @Test
    void withoutAPadTokenTheEndFillsRows() {
        GenerateOptions options = tokens(3).withEosTokenIds(List.of(6L));
        assertThat(generate(options, new long[] {5, 1}, new long[0], 2)).containsExactly(5, 6, 6, 6, 1, 2, 3, 4);
    }

    @Test
    void hooksSeeAndChangeEachStep() {
        List<String> shapes = new ArrayList<>();
        try (HookHandle hook = model.head.registerForwardHook((module, args, output) -> {
            shapes.add(Arrays.toString(((Tensor) output).shape()));
            float[] logits = new float[CountingModel.VOCABULARY];
            logits[2] = 1;
            return shapes.size() == 2 ? Tensor.of(logits, 1, 1, CountingModel.VOCABULARY) : output;
        })) {
            assertThat(generate(tokens(3), new long[] {5, 6}, new long[0], 1)).containsExactly(5, 6, 7, 2, 3);
        }
        assertThat(shapes).containsExactly("[1, 1, 10]", "[1, 1, 10]", "[1, 1, 10]");
    }

    @Test
    void whatAHookThrowsPassesThroughAndFreesTheCache() {
        class Stop extends RuntimeException {
            private static final long serialVersionUID = 1L;
        }
        try (HookHandle hook = model.head.registerForwardHook((module, args, output) -> {
            if (model.calls.size() == 2) {
                throw new Stop();
            }
            return output;
        })) {
            assertThatThrownBy(() -> generate(tokens(5), new long[] {5, 6}, new long[0], 1))
                    .isInstanceOf(Stop.class);
        }
    }

    @Test
    void aThousandStepsHoldNoMoreHandlesThanThree() {
        List<Long> live = new ArrayList<>();
        try (HookHandle hook = model.head.registerForwardPreHook((module, args) -> {
            live.add(Torch.liveTensors());
            return null;
        })) {
            generate(tokens(1000), new long[] {1}, new long[0], 1);
        }
        assertThat(live).hasSize(1000);
        assertThat(live.get(999)).isLessThanOrEqualTo(live.get(2));
    }

    @Test
    void sampledTokensFollowFromTheSeed() {
        GenerateOptions sampled = tokens(12).with(Selection.SAMPLED).withSampling(s -> s.withTemperature(3));
        long[] first = generate(sampled.withSampling(s -> s.withSeed(4L)), new long[] {1}, new long[0], 1);
        assertThat(generate(sampled.withSampling(s -> s.withSeed(4L)), new long[] {1}, new long[0], 1))
                .isEqualTo(first);
        assertThat(generate(sampled.withSampling(s -> s.withSeed(5L)), new long[] {1}, new long[0], 1))
                .isNotEqualTo(first);
        assertThat(generate(sampled.withSampling(s -> s.withTopK(1)), new long[] {1}, new long[0], 1))
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3);
    }

    @Test
    void wrongInputsAreRefused() {
        assertThatThrownBy(() -> generate(tokens(1), new long[0], new long[0], 1))
                .hasMessageContaining("[batch, seq] with a token at least, not [1, 0]");
        assertThatThrownBy(() -> generate(tokens(1), new long[] {1, 2}, new long[] {1}, 1))
                .hasMessageContaining("attention_mask has shape [1, 1], but input_ids [1, 2]");
        assertThatThrownBy(() -> generate(tokens(1), new long[] {1, 2}, new long[] {1, 0}, 1))
                .hasMessageContaining("padded on the right");
        assertThatThrownBy(() -> tokens(0)).hasMessageContaining("max_new_tokens must be at least 1, not 0");
    }

    @Test
    void aCheckpointSaysItsEndAndPadTokens(@TempDir Path directory) throws IOException {
        assertThat(GenerateOptions.of(directory)).isEqualTo(GenerateOptions.DEFAULT);
        Files.writeString(directory.resolve("config.json"), "{\"eos_token_id\": 7, \"top_k\": 3}");
        assertThat(GenerateOptions.of(directory)).isEqualTo(GenerateOptions.DEFAULT.withEosTokenIds(List.of(7L)));
        Path file = directory.resolve("generation_config.json");
        Files.writeString(file, """
                {"eos_token_id": [1, 2], "pad_token_id": null, "do_sample": true, "top_k": 3, "max_length": 9}""");
        assertThat(GenerateOptions.of(directory))
                .isEqualTo(
                        GenerateOptions.DEFAULT.withEosTokenIds(List.of(1L, 2L)).withSampling(s -> s.withTopK(3)));
        Files.writeString(file, "{\"eos_token_id\": \"end\"}");
        assertThatThrownBy(() -> GenerateOptions.of(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("generation_config.json: 'eos_token_id' should be an int, not end");
    }

    @Test
    void keywordsAreTransformers() {
        GenerateOptions options = GenerateOptions.DEFAULT.withKeywords(Map.of(
                "max_new_tokens",
                3L,
                "do_sample",
                true,
                "top_p",
                0.5,
                "use_cache",
                false,
                "eos_token_id",
                List.of(1L)));
        assertThat(options.maxNewTokens()).isEqualTo(3);
        assertThat(options.selection()).isEqualTo(Selection.SAMPLED);
        assertThat(options.sampling().topP()).isEqualTo(0.5);
        assertThat(options.cache()).isEqualTo(KeyValueCache.NONE);
        assertThat(options.eosTokenIds()).containsExactly(1L);
        assertThatThrownBy(() -> options.withKeywords(Map.of("num_beams", 4L)))
                .hasMessageContaining("generate has no argument 'num_beams' (4); known: do_sample,");
        assertThatThrownBy(() -> options.withKeywords(Map.of("temperature", 0.0)))
                .hasMessageContaining("decode greedily");
    }
}
