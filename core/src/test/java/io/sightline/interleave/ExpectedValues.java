package io.sightline.interleave;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightline.checkpoint.safetensors.SafetensorsFile;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.python.Python;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What nnsight 0.3.7 gave for a graph: {@code expected.json} and {@code expected.safetensors}. */
final class ExpectedValues {
    private static final double TOLERANCE = 2e-4;

    private final JsonNode json;
    private final SafetensorsFile tensors;

    ExpectedValues(Path folder) throws IOException {
        json = new ObjectMapper().readTree(folder.resolve("expected.json").toFile());
        tensors = SafetensorsFile.open(folder.resolve("expected.safetensors"));
    }

    JsonNode json() {
        return json;
    }

    String model() {
        return json.get("model").asText();
    }

    /** Every value in structure and elements, and no value but these. */
    void compare(Results results) {
        json.get("values").fields().forEachRemaining(graph -> {
            List<String> names = new ArrayList<>();
            graph.getValue().fieldNames().forEachRemaining(names::add);
            assertThat(results.values().get(graph.getKey()).keySet()).containsExactlyInAnyOrderElementsOf(names);
            graph.getValue()
                    .fields()
                    .forEachRemaining(node ->
                            compareOne(node.getKey(), results.get(graph.getKey(), node.getKey()), node.getValue()));
        });
        json.get("saved_without_value").fields().forEachRemaining(graph -> {
            List<String> names = new ArrayList<>();
            graph.getValue().forEach(name -> names.add(name.asText()));
            assertThat(results.unset().getOrDefault(graph.getKey(), List.of()))
                    .containsExactlyInAnyOrderElementsOf(names);
        });
    }

    void compareOne(String what, @Nullable Object actual, JsonNode expected) {
        switch (expected.get("kind").asText()) {
            case "tensor" -> compareTensor(what, (Tensor) actual, expected);
            case "int" ->
                assertThat(actual).as(what).isEqualTo(expected.get("value").asLong());
            case "bool" ->
                assertThat(actual).as(what).isEqualTo(expected.get("value").asBoolean());
            case "str" ->
                assertThat(actual).as(what).isEqualTo(expected.get("value").asText());
            case "none" -> assertThat(actual).as(what).isNull();
            case "float" ->
                assertClose(what, (Double) actual, expected.get("value").asDouble());
            case "set" ->
                assertThat((java.util.Set<?>) actual)
                        .as(what)
                        .hasSize(expected.get("items").size());
            case "dict" -> {
                Map<?, ?> map = (Map<?, ?>) actual;
                assertThat(map).as(what).hasSize(expected.get("items").size());
                expected.get("items")
                        .fields()
                        .forEachRemaining(item ->
                                compareOne(what + "." + item.getKey(), map.get(item.getKey()), item.getValue()));
            }
            default -> {
                assertThat(Python.typeName(actual))
                        .as(what)
                        .isEqualTo(expected.get("kind").asText());
                List<?> items = (List<?>) actual;
                assertThat(items).as(what).hasSize(expected.get("items").size());
                for (int i = 0; i < items.size(); i++) {
                    compareOne(
                            what + "/" + i, items.get(i), expected.get("items").get(i));
                }
            }
        }
    }

    private void compareTensor(String what, Tensor actual, JsonNode expected) {
        assertThat(actual.dtype().shortName())
                .as(what)
                .isEqualTo(expected.get("dtype").asText());
        List<Long> shape = new ArrayList<>();
        expected.get("shape").forEach(size -> shape.add(size.asLong()));
        assertThat(actual.shape())
                .as(what)
                .containsExactly(shape.stream().mapToLong(Long::longValue).toArray());
        String key = expected.get("key").asText();
        try (Scope scope = Scope.open()) {
            double[] values = actual.toDoubleArray();
            double[] reference = tensors.tensor(key).toDoubleArray();
            long[] mask = tensors.entries().containsKey("mask:" + key)
                    ? tensors.tensor("mask:" + key).toLongArray()
                    : null;
            boolean exact = !actual.dtype().isFloatingPoint();
            for (int i = 0; i < values.length; i++) {
                if (mask == null || mask[i] != 0) {
                    if (exact) {
                        assertThat(values[i]).as("%s[%d]", what, i).isEqualTo(reference[i]);
                    } else {
                        assertClose(what + "[" + i + "]", values[i], reference[i]);
                    }
                }
            }
        }
    }

    private static void assertClose(String what, double actual, double expected) {
        if (Double.isNaN(expected) || Double.isInfinite(expected)) {
            assertThat(Double.compare(actual, expected)).as(what).isZero();
        } else {
            assertThat(Math.abs(actual - expected))
                    .as("%s: %s for %s", what, actual, expected)
                    .isLessThanOrEqualTo(TOLERANCE + TOLERANCE * Math.abs(expected));
        }
    }
}
