package io.sightline.family;

import io.sightline.checkpoint.safetensors.SafetensorsFile;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.fixtures.Checkpoints;
import io.sightline.nn.Args;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compares logits, hidden states and attentions with what transformers computed, {@code checkpoints/NAME/expected.safetensors}, at real tokens. */
final class ExpectedOutputs {
    private static final List<String> INPUTS = List.of("input_ids", "attention_mask", "position_ids");

    private final SafetensorsFile expected;
    private final double tolerance;
    private final List<String> failures = new ArrayList<>();
    private double largest;

    ExpectedOutputs(String name, double tolerance) {
        this.expected = Checkpoints.expected(name);
        this.tolerance = tolerance;
    }

    List<String> failures() {
        return failures;
    }

    double largestDifference() {
        return largest;
    }

    void run(PretrainedModel model) {
        for (String variant : List.of("right", "left_pos")) {
            try (Scope scope = Scope.open()) {
                compare(variant, outputs(model, variant));
            }
        }
    }

    private Map<?, ?> outputs(PretrainedModel model, String variant) {
        Map<String, Object> keywords = new LinkedHashMap<>();
        for (String input : INPUTS) {
            if (expected.entries().containsKey(variant + "/" + input)) {
                keywords.put(input, expected.tensor(variant + "/" + input));
            }
        }
        keywords.put("output_hidden_states", true);
        keywords.put("output_attentions", true);
        return (Map<?, ?>) model.module().call(new Args(List.of(), keywords));
    }

    private void compare(String variant, Map<?, ?> outputs) {
        long[] mask = expected.tensor(variant + "/attention_mask").toLongArray();
        for (String key : expected.entries().keySet()) {
            String[] parts = key.split("/");
            if (parts[0].equals(variant) && !INPUTS.contains(parts[1])) {
                Object value = outputs.get(parts[1]);
                Tensor mine = (Tensor) (parts.length == 3 ? ((List<?>) value).get(Integer.parseInt(parts[2])) : value);
                Tensor theirs = expected.tensor(key);
                if (!Arrays.equals(mine.shape(), theirs.shape())) {
                    failures.add(key + " has shape " + Arrays.toString(mine.shape()));
                } else {
                    // [batch, heads, query, key] to [batch, query, heads, key]: rows are tokens then.
                    boolean isAttention = parts[1].equals("attentions");
                    compareRows(
                            key,
                            (isAttention ? mine.transpose(1, 2) : mine).toFloatArray(),
                            (isAttention ? theirs.transpose(1, 2) : theirs).toFloatArray(),
                            mask);
                }
            }
        }
    }

    private void compareRows(String key, float[] mine, float[] theirs, long[] mask) {
        int width = theirs.length / mask.length;
        double worst = 0;
        for (int i = 0; i < theirs.length; i++) {
            if (mask[i / width] != 0) {
                double difference = Math.abs(mine[i] - theirs[i]);
                largest = Math.max(largest, difference);
                if (!(difference <= tolerance + tolerance * Math.abs(theirs[i]))) {
                    worst = Double.isNaN(difference) ? Double.NaN : Math.max(worst, difference);
                }
            }
        }
        if (worst != 0) {
            failures.add(key + ": off by " + worst);
        }
    }
}
