package io.sightline.family;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightline.checkpoint.safetensors.SafetensorsFile;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.fixtures.Fixtures;
import io.sightline.nn.Args;
import io.sightline.nn.HookHandle;
import io.sightline.nn.Module;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares a model's activations with what transformers computed, {@code refs/NAME.safetensors}, at real tokens. */
final class ReferenceCheck {
    private final SafetensorsFile refs;
    private final double absolute;
    private final double relative;
    private final List<String> failures = new ArrayList<>();
    private int compared;
    private double largest;

    ReferenceCheck(String name, double absolute, double relative) {
        this.refs = SafetensorsFile.open(Fixtures.path("refs/" + name + ".safetensors"));
        this.absolute = absolute;
        this.relative = relative;
    }

    static JsonNode json(String path) {
        try {
            return new ObjectMapper().readTree(Fixtures.path(path).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> failures() {
        return failures;
    }

    int compared() {
        return compared;
    }

    double largestDifference() {
        return largest;
    }

    boolean has(String variant) {
        return refs.entries().keySet().stream().anyMatch(key -> key.startsWith(variant + "/"));
    }

    /** Runs one variant with a hook on every module that the reference has a value for. */
    void run(PretrainedModel model, String variant) {
        Map<String, float[]> actual = new HashMap<>();
        List<HookHandle> hooks = new ArrayList<>();
        Map<String, Module> modules = model.module().namedModules();
        try (Scope scope = Scope.open()) {
            for (String key : refs.entries().keySet()) {
                Module module = key.startsWith(variant + "/") ? modules.get(key.substring(variant.length() + 1)) : null;
                if (module != null) {
                    hooks.add(module.registerForwardHook((m, args, output) -> {
                        actual.put(key, first(output).toFloatArray());
                        return output;
                    }));
                }
            }
            firstBlock(modules)
                    .ifPresent(block -> hooks.add(block.registerForwardPreHook((m, args) -> {
                        actual.put(
                                variant + "/block0_input",
                                ((Tensor) args.positional().get(0)).toFloatArray());
                        return args;
                    })));
            Map<String, Object> keywords = new LinkedHashMap<>();
            for (String input : List.of("input_ids", "attention_mask", "position_ids", "token_type_ids")) {
                if (refs.entries().containsKey(inputs(variant) + "/" + input)) {
                    keywords.put(input, refs.tensor(inputs(variant) + "/" + input));
                }
            }
            Map<?, ?> output = (Map<?, ?>) model.module().call(new Args(List.of(), keywords));
            actual.put(variant + "/logits", ((Tensor) output.get("logits")).toFloatArray());
            compare(variant, actual);
        } finally {
            hooks.forEach(HookHandle::close);
        }
    }

    /** {@code native_right} was computed from the inputs of {@code right}. */
    private static String inputs(String variant) {
        return variant.replace("native_", "");
    }

    private static Optional<Module> firstBlock(Map<String, Module> modules) {
        return modules.entrySet().stream()
                .filter(named -> named.getKey().endsWith(".0"))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static Tensor first(Object output) {
        if (output instanceof Map<?, ?> map) {
            return (Tensor) map.values().iterator().next();
        }
        return (Tensor) (output instanceof Tuple tuple ? tuple.get(0) : output);
    }

    private void compare(String variant, Map<String, float[]> actual) {
        long[] mask = refs.tensor(inputs(variant) + "/attention_mask").toLongArray();
        refs.entries().forEach((key, entry) -> {
            String name = key.substring(key.indexOf('/') + 1);
            if (!key.startsWith(variant + "/")
                    || List.of("input_ids", "attention_mask", "position_ids", "token_type_ids")
                            .contains(name)) {
                return;
            }
            float[] mine = actual.get(key);
            float[] theirs = refs.tensor(key).toFloatArray();
            if (mine == null || mine.length != theirs.length) {
                failures.add(key + ": "
                        + (mine == null ? "no such module" : mine.length + " values, expected " + theirs.length));
                return;
            }
            compared++;
            compareRows(key, mine, theirs, mask, entry.sizes());
        });
    }

    private void compareRows(String key, float[] mine, float[] theirs, long[] mask, long[] shape) {
        int width = (int) shape[shape.length - 1];
        int rows = theirs.length / width;
        double worst = 0;
        for (int row = 0; row < rows; row++) {
            // Position embeddings have one row for the whole batch.
            if (rows == mask.length && mask[row] == 0) {
                continue;
            }
            for (int i = row * width; i < (row + 1) * width; i++) {
                double difference = Math.abs(mine[i] - theirs[i]);
                largest = Math.max(largest, difference);
                if (!(difference <= absolute + relative * Math.abs(theirs[i]))) {
                    worst = Double.isNaN(difference) ? Double.NaN : Math.max(worst, difference);
                }
            }
        }
        if (worst != 0) {
            failures.add(key + " " + Arrays.toString(shape) + ": off by " + worst);
        }
    }
}
