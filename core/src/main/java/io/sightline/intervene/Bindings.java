package io.sightline.intervene;

import java.util.HashMap;
import java.util.Map;

/** What the names in expressions stand for in one row: numbers, texts, vectors. */
public record Bindings(Map<String, Object> values) {
    public static final Bindings NONE = new Bindings(Map.of());

    public Bindings {
        Map<String, Object> copy = new HashMap<>();
        values.forEach((name, value) -> copy.put(name, checked(name, value)));
        values = Map.copyOf(copy);
    }

    private static Object checked(String name, Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        } else if (value instanceof String || value instanceof float[]) {
            return value;
        }
        throw new IllegalArgumentException(
                "'" + name + "' should be a number, a text or a vector (float[]), not " + value);
    }
}
