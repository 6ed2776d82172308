package io.sightline.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.fixtures.Checkpoints;
import io.sightline.fixtures.Fixtures;
import io.sightline.nn.Args;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a prompt's activations are does not depend on the other prompts of its batch, nor on which side that is padded (docs/MODELS.md). */
class BatchIndependenceTest {
    private static final int[] LENGTHS = {13, 1, 6};

    private enum Side {
        LEFT,
        RIGHT
    }

    static Stream<Arguments> modelsAndKernels() {
        // Frequencies of these follow the longest prompt of a batch, in transformers as well.
        Stream<String> odd = Checkpoints.names().stream().filter(name -> !name.matches("llama_dynamic|phi3_longrope"));
        return Stream.concat(fixtures(), odd)
                .flatMap(name -> Stream.of("eager", "sdpa").map(kind -> Arguments.of(name, kind)));
    }

    /** A model of each family; computing in 16 bits on a CPU is slow. */
    static Stream<Arguments> fixturesAndKernels() {
        return fixtures().flatMap(name -> Stream.of("eager", "sdpa").map(kind -> Arguments.of(name, kind)));
    }

    private static Stream<String> fixtures() {
        return ReferenceTest.models()
                .filter(name -> !name.matches("gpt2_sharded|llama_(cfg5|rope3)"))
                .map(name -> "models/" + name);
    }

    private static Path path(String name) {
        return name.startsWith("models/") ? Fixtures.path(name) : Checkpoints.path(name);
    }

    @ParameterizedTest
    @MethodSource("modelsAndKernels")
    void everyPromptOfABatchEqualsThePromptAlone(String name, String attention) {
        double bound = attention.equals("eager") ? 5e-5 : 5e-4;
        assertThat(worst(name, "float32", attention)).isLessThan(bound);
    }

    @ParameterizedTest
    @MethodSource("fixturesAndKernels")
    void everyPromptOfABatchEqualsThePromptAloneInBfloat16(String name, String attention) {
        assertThat(worst(name, "bfloat16", attention)).isLessThan(1e-2);
    }

    /** The largest difference between a batch's and a lone prompt's hidden states or logits, relative where a value is over 1. */
    private static double worst(String name, String dtype, String attention) {
        double worst = 0;
        try (PretrainedModel model = PretrainedModel.open(path(name), new LoadOptions(dtype, "cpu", attention))) {
            long[][] prompts = prompts(model.config().size("vocab_size"));
            for (Side side : Side.values()) {
                try (Scope scope = Scope.open()) {
                    List<float[][]> together = run(model, prompts, side);
                    for (int i = 0; i < prompts.length; i++) {
                        List<float[][]> alone = run(model, new long[][] {prompts[i]}, side);
                        for (int state = 0; state < alone.size(); state++) {
                            worst = Math.max(worst, difference(together.get(state)[i], alone.get(state)[0]));
                        }
                    }
                }
            }
        }
        return worst;
    }

    private static long[][] prompts(int vocabulary) {
        Random random = new Random(5);
        long[][] prompts = new long[LENGTHS.length][];
        for (int i = 0; i < LENGTHS.length; i++) {
            prompts[i] = random.longs(LENGTHS[i], 3, vocabulary).toArray();
        }
        return prompts;
    }

    /** Hidden states and logits: for each, every prompt's real tokens. */
    private static List<float[][]> run(PretrainedModel model, long[][] prompts, Side side) {
        int longest = Stream.of(prompts).mapToInt(prompt -> prompt.length).max().orElseThrow();
        long[] ids = new long[prompts.length * longest];
        long[] mask = new long[ids.length];
        long[] positions = new long[ids.length];
        for (int row = 0; row < prompts.length; row++) {
            int start = row * longest + (side == Side.LEFT ? longest - prompts[row].length : 0);
            for (int i = 0; i < prompts[row].length; i++) {
                ids[start + i] = prompts[row][i];
                mask[start + i] = 1;
                positions[start + i] = i;
            }
        }
        try (Scope scope = Scope.open()) {
            Map<String, Object> keywords = new LinkedHashMap<>();
            keywords.put("input_ids", Tensor.of(ids, prompts.length, longest));
            keywords.put("attention_mask", Tensor.of(mask, prompts.length, longest));
            keywords.put("position_ids", Tensor.of(positions, prompts.length, longest));
            keywords.put("output_hidden_states", true);
            Map<?, ?> output = (Map<?, ?>) model.module().call(new Args(List.of(), keywords));
            List<float[][]> all = new ArrayList<>();
            for (Object state : (List<?>) output.get("hidden_states")) {
                all.add(realTokens((Tensor) state, prompts, side));
            }
            all.add(realTokens((Tensor) output.get("logits"), prompts, side));
            return all;
        }
    }

    private static float[][] realTokens(Tensor state, long[][] prompts, Side side) {
        float[][] rows = new float[prompts.length][];
        for (int row = 0; row < rows.length; row++) {
            long start = side == Side.LEFT ? state.size(1) - prompts[row].length : 0;
            rows[row] =
                    state.select(0, row).narrow(0, start, prompts[row].length).toFloatArray();
        }
        return rows;
    }

    private static double difference(float[] a, float[] b) {
        double worst = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = Math.abs(a[i] - b[i]) / Math.max(1, Math.abs(b[i]));
            worst = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(worst, difference);
        }
        return worst;
    }
}
