package io.sightline.torchscript;

import io.sightline.engine.Slice;
import io.sightline.engine.Tuple;
import io.sightline.python.PythonSequences;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's lists, tuples, dicts and texts. */
final class Containers {
    private Containers() {}

    static @Nullable Object item(@Nullable Object target, @Nullable Object index) {
        if (target instanceof Map<?, ?> map) {
            if (!map.containsKey(index)) {
                throw new IllegalArgumentException("the code asks a dict for " + index + "; it has " + map.keySet());
            }
            return map.get(index);
        }
        return PythonSequences.item(sequence(target), index);
    }

    private static Object sequence(@Nullable Object target) {
        if (target instanceof List || target instanceof String) {
            return target;
        }
        throw new UnsupportedOperationException("the code indexes " + target);
    }

    static @Nullable Object slice(
            @Nullable Object target, @Nullable Object start, @Nullable Object stop, @Nullable Object step) {
        Object part = PythonSequences.item(sequence(target), new Slice(start, stop, step));
        // A list here is any list but a Tuple, and may be changed.
        return target instanceof List && !(target instanceof Tuple) && part instanceof Tuple items
                ? new ArrayList<>(items)
                : part;
    }

    static Object key(@Nullable Object key) {
        if (key instanceof String || key instanceof Long || key instanceof Double || key instanceof Boolean) {
            return key;
        }
        throw new UnsupportedOperationException("the code has a dict with the key " + key);
    }

    @SuppressWarnings("unchecked")
    static List<@Nullable Object> list(@Nullable Object value) {
        if (value instanceof List<?> items && !(value instanceof Tuple)) {
            return (List<@Nullable Object>) items;
        }
        throw new UnsupportedOperationException("the code changes " + value + " as a list");
    }

    @SuppressWarnings("unchecked")
    static Map<Object, @Nullable Object> dict(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return (Map<Object, @Nullable Object>) map;
        }
        throw new UnsupportedOperationException("the code takes " + value + " for a dict");
    }

    static Object set(@Nullable Object target, @Nullable Object index, @Nullable Object value) {
        if (target instanceof Map<?, ?>) {
            dict(target).put(key(index), value);
        } else {
            List<@Nullable Object> items = list(target);
            items.set(PythonSequences.position(index, items.size()), value);
        }
        return Frame.some(target);
    }
}
