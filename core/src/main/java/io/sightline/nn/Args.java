package io.sightline.nn;

import io.sightline.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of one module call, as Python passes them: {@code (args…, {kwargs…})}. Values are tensors, tuples, lists, maps, numbers,
 * strings, {@code null} for None, or objects such as a cache.
 */
public record Args(List<@Nullable Object> positional, Map<String, @Nullable Object> keywords) {
    public Args {
        positional = Collections.unmodifiableList(new ArrayList<>(positional));
        keywords = Collections.unmodifiableMap(new LinkedHashMap<>(keywords));
    }

    public static Args of(@Nullable Object... positional) {
        return new Args(Arrays.asList(positional), Map.of());
    }

    /** These arguments and one keyword more. */
    public Args with(String keyword, @Nullable Object value) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(keywords);
        more.put(keyword, value);
        return new Args(positional, more);
    }

    /** The argument at {@code index}, or under {@code keyword}, or {@code null} where neither was given. */
    public @Nullable Object get(int index, String keyword) {
        return index < positional.size() ? positional.get(index) : keywords.get(keyword);
    }

    public @Nullable Object get(String keyword) {
        return keywords.get(keyword);
    }

    /**
     * The tensor at {@code index} or under {@code keyword}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Tensor tensor(int index, String keyword) {
        if (get(index, keyword) instanceof Tensor tensor) {
            return tensor;
        }
        throw new IllegalArgumentException(
                "expected a tensor as argument " + index + " ('" + keyword + "'), got " + get(index, keyword));
    }

    /** The first argument as a tensor, for modules that take one. */
    public Tensor tensor() {
        return tensor(0, "input");
    }

    public @Nullable Tensor optionalTensor(int index, String keyword) {
        return get(index, keyword) == null ? null : tensor(index, keyword);
    }

    /** The tensor under {@code keyword}, or {@code null} where none was given. */
    public @Nullable Tensor optionalTensor(String keyword) {
        Object value = get(keyword);
        if (value == null || value instanceof Tensor) {
            return (Tensor) value;
        }
        throw new IllegalArgumentException("expected a tensor as '" + keyword + "', got " + value);
    }
}
