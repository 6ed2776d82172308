package io.sightline.torchscript;

import io.sightline.engine.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's lists, tuples, dicts and texts. */
final class Containers {
    private Containers() {}

    static @Nullable Object item(@Nullable Object target, @Nullable Object index) {
        if (target instanceof List<?> items) {
            return items.get(position(items.size(), Scalars.integer(index)));
        } else if (target instanceof Map<?, ?> map) {
            if (!map.containsKey(index)) {
                throw new IllegalArgumentException("the code asks a dict for " + index + "; it has " + map.keySet());
            }
            return map.get(index);
        } else if (target instanceof String text) {
            int at = position(text.length(), Scalars.integer(index));
            return text.substring(at, at + 1);
        }
        throw new UnsupportedOperationException("the code indexes " + target);
    }

    private static int position(int size, long index) {
        long position = index < 0 ? size + index : index;
        if (position < 0 || position >= size) {
            throw new IllegalArgumentException("the code asks for item " + index + " of " + size);
        }
        return (int) position;
    }

    static Object slice(@Nullable Object target, @Nullable Object start, @Nullable Object stop, @Nullable Object step) {
        if (!(target instanceof List<?> items) || Scalars.integer(step) != 1) {
            throw new UnsupportedOperationException("the code takes a slice, with step " + step + ", of " + target);
        }
        int size = items.size();
        int from = start == null ? 0 : bound(size, Scalars.integer(start));
        int to = stop == null ? size : bound(size, Scalars.integer(stop));
        List<@Nullable Object> part = new ArrayList<>(items.subList(Math.min(from, to), to));
        return items instanceof Tuple ? Tuple.copyOf(part) : part;
    }

    private static int bound(int size, long index) {
        return (int) Math.max(0, Math.min(size, index < 0 ? size + index : index));
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
            items.set(position(items.size(), Scalars.integer(index)), value);
        }
        return Frame.some(target);
    }
}
