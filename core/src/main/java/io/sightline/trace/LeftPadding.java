package io.sightline.trace;

import io.sightline.graph.Value;
import java.util.List;

/** Rows of different lengths as one rectangle, moved to the right with pads before them. */
record LeftPadding(int rows, int width) {
    static LeftPadding of(List<long[]> rows) {
        return new LeftPadding(
                rows.size(), rows.stream().mapToInt(row -> row.length).max().orElse(0));
    }

    /** Row-major, {@code rows × width}. */
    long[] pad(List<long[]> values, long pad) {
        long[] padded = new long[Math.multiplyExact(rows, width)];
        int at = 0;
        for (long[] row : values) {
            for (int i = row.length; i < width; i++) {
                padded[at++] = pad;
            }
            System.arraycopy(row, 0, padded, at, row.length);
            at += row.length;
        }
        return padded;
    }

    /** As a graph has it, int64 {@code [rows, width]}. */
    Value padded(List<long[]> values, long pad) {
        return new Value.TensorValue("int64", List.of((long) rows, (long) width), pad(values, pad), new double[0]);
    }
}
