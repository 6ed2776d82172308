package io.sightline.token;

import java.util.Arrays;
import java.util.List;

/** Rows of different lengths as one rectangle: pads stand before the tokens. */
public record LeftPadding(int rows, int width) {
    /** The position id of a pad. */
    public static final long PAD_POSITION = 1;

    public static LeftPadding of(List<long[]> rows) {
        return new LeftPadding(
                rows.size(), rows.stream().mapToInt(row -> row.length).max().orElse(0));
    }

    /** Row-major, {@code rows × width}. */
    public long[] pad(List<long[]> values, long pad) {
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

    /** The attention mask of rows without pads of their own: 1 for each token. */
    public static List<long[]> masks(List<long[]> rows) {
        return rows.stream().map(LeftPadding::ones).toList();
    }

    private static long[] ones(long[] row) {
        long[] mask = new long[row.length];
        Arrays.fill(mask, 1);
        return mask;
    }

    /** Position ids by attention mask: tokens are counted from 0 and pads have 1, as in transformers' {@code generate}. */
    public static List<long[]> positions(List<long[]> masks) {
        return masks.stream().map(LeftPadding::positions).toList();
    }

    private static long[] positions(long[] mask) {
        long[] positions = new long[mask.length];
        long count = 0;
        for (int i = 0; i < mask.length; i++) {
            positions[i] = mask[i] == 0 ? PAD_POSITION : count++;
        }
        return positions;
    }
}
