package io.sightline.job.probe.fit;

import java.io.Serializable;

/**
 * Some rows of one probe data set: activations as they are stored, and whose they are.
 *
 * @param width values in a row
 * @param prompts each row's prompt, as an index into the {@link Design}'s arrays; {@code [rows]}
 * @param values the activations, row-major {@code [rows, width]}
 */
@SuppressWarnings("ArrayRecordComponent")
public record RowBlock(int width, int[] prompts, float[] values) implements Serializable {
    public RowBlock {
        if ((long) prompts.length * width != values.length) {
            throw new IllegalArgumentException(
                    prompts.length + " rows of " + width + " values, but " + values.length + " values");
        }
    }

    public int rows() {
        return prompts.length;
    }

    /** Whether a row holds a NaN or an infinite value. */
    boolean isFinite(int row) {
        for (int i = row * width; i < (row + 1) * width; i++) {
            if (!Float.isFinite(values[i])) {
                return false;
            }
        }
        return true;
    }

    /** How many rows hold a NaN or an infinite value. */
    public int rowsNotFinite() {
        int count = 0;
        for (int row = 0; row < rows(); row++) {
            count += isFinite(row) ? 0 : 1;
        }
        return count;
    }
}
