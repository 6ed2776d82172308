package io.sightline.python;

import io.sightline.engine.Slice;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Items and slices of tuples, lists and texts. */
public final class PythonSequences {
    private PythonSequences() {}

    /** The place, from the start, that an index means. */
    public static int position(@Nullable Object index, int size) {
        long position = PythonNumbers.asLong(index instanceof Tensor tensor ? tensor.item() : index);
        long fromStart = position < 0 ? position + size : position;
        if (fromStart < 0 || fromStart >= size) {
            throw new SizeMismatch("index " + position + " is out of range for " + size + " items");
        }
        return (int) fromStart;
    }

    /** {@code sequence[key]}, of a tuple, a list or a text; a slice gives the same kind. */
    public static @Nullable Object item(Object sequence, @Nullable Object key) {
        if (key instanceof Slice slice) {
            return slice(sequence, slice);
        } else if (sequence instanceof String text) {
            int[] points = text.codePoints().toArray();
            return Character.toString(points[position(key, points.length)]);
        }
        if (key instanceof Tuple) {
            throw new IllegalArgumentException("a " + Python.typeName(sequence)
                    + " takes one index, not several: take one of its items first, get(0), and index that");
        }
        List<?> items = (List<?>) sequence;
        return items.get(position(key, items.size()));
    }

    private static Object slice(Object sequence, Slice slice) {
        if (sequence instanceof String text) {
            StringBuilder part = new StringBuilder();
            int[] points = text.codePoints().toArray();
            positions(slice, points.length).forEach(i -> part.appendCodePoint(points[i]));
            return part.toString();
        }
        List<?> items = (List<?>) sequence;
        List<@Nullable Object> part = new ArrayList<>();
        positions(slice, items.size()).forEach(i -> part.add(items.get(i)));
        if (items instanceof Size) {
            return new Size(part.stream().mapToLong(PythonNumbers::asLong).toArray());
        }
        return items instanceof PythonList ? new PythonList(part) : Tuple.copyOf(part);
    }

    /** Which positions a slice takes, as {@code slice.indices} says. */
    public static List<Integer> positions(Slice slice, int size) {
        long step = slice.step() == null ? 1 : PythonNumbers.asLong(slice.step());
        if (step == 0) {
            throw new IllegalArgumentException("slice step cannot be zero");
        }
        long low = step > 0 ? 0 : -1;
        long high = step > 0 ? size : size - 1;
        long from = slice.start() == null ? (step > 0 ? low : high) : bound(slice.start(), size, low, high);
        long to = slice.stop() == null ? (step > 0 ? high : low) : bound(slice.stop(), size, low, high);
        List<Integer> positions = new ArrayList<>();
        for (long i = from; step > 0 ? i < to : i > to; i += step) {
            positions.add((int) i);
        }
        return positions;
    }

    private static long bound(Object bound, int size, long low, long high) {
        long value = PythonNumbers.asLong(bound instanceof Tensor tensor ? tensor.item() : bound);
        return Math.max(low, Math.min(high, value < 0 ? value + size : value));
    }
}
