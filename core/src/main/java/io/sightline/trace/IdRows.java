package io.sightline.trace;

import io.sightline.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of whole numbers from whatever form they were given in: a tensor or nested lists and arrays, one row or many, ragged or not. */
final class IdRows {
    private IdRows() {}

    /**
     * The rows of {@code value}.
     *
     * @param what names the value in errors, {@code input_ids}
     * @throws IllegalArgumentException if it holds anything else than whole numbers, or nothing
     */
    static List<long[]> of(@Nullable Object value, String what) {
        List<long[]> rows = value instanceof Tensor tensor ? rows(tensor, what) : rows(items(value, what), what);
        if (rows.isEmpty() || rows.stream().anyMatch(row -> row.length == 0)) {
            throw new IllegalArgumentException(what + " has " + (rows.isEmpty() ? "no rows" : "a row without tokens"));
        }
        return rows;
    }

    static boolean isNumbers(@Nullable Object value) {
        return value instanceof Tensor
                || value instanceof long[]
                || value instanceof int[]
                || value instanceof long[][]
                || value instanceof int[][]
                || value instanceof Collection<?> items
                        && items.stream().allMatch(item -> item instanceof Number || isNumbers(item));
    }

    private static List<long[]> rows(Tensor tensor, String what) {
        long[] shape = tensor.shape();
        if (shape.length < 1 || shape.length > 2) {
            throw new IllegalArgumentException(
                    what + " should have shape [tokens] or [batch, tokens], not " + Arrays.toString(shape));
        }
        long[] all = tensor.toLongArray();
        int width = Math.toIntExact(shape[shape.length - 1]);
        List<long[]> rows = new ArrayList<>();
        for (int row = 0; row < (shape.length == 1 ? 1 : shape[0]); row++) {
            rows.add(Arrays.copyOfRange(all, row * width, (row + 1) * width));
        }
        return rows;
    }

    private static List<long[]> rows(List<?> items, String what) {
        if (items.stream().allMatch(item -> item instanceof Number)) {
            return items.isEmpty() ? List.of() : List.of(row(items, what));
        }
        List<long[]> rows = new ArrayList<>();
        for (Object item : items) {
            rows.addAll(item instanceof Tensor tensor ? rows(tensor, what) : List.of(row(items(item, what), what)));
        }
        return rows;
    }

    private static long[] row(List<?> items, String what) {
        long[] row = new long[items.size()];
        for (int i = 0; i < row.length; i++) {
            Object item = items.get(i);
            if (!(item instanceof Number number) || number.doubleValue() != number.longValue()) {
                throw new IllegalArgumentException(what + " should hold whole numbers, not " + item);
            }
            row[i] = number.longValue();
        }
        return row;
    }

    private static List<?> items(@Nullable Object value, String what) {
        if (value instanceof Collection<?> items) {
            return List.copyOf(items);
        } else if (value instanceof long[] longs) {
            return Arrays.stream(longs).boxed().toList();
        } else if (value instanceof int[] ints) {
            return Arrays.stream(ints).boxed().toList();
        } else if (value instanceof Object[] objects) {
            return Arrays.asList(objects);
        }
        throw new IllegalArgumentException(what + " should be a tensor or lists of whole numbers, not " + value);
    }
}
