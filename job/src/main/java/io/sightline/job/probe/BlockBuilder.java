package io.sightline.job.probe;

import io.sightline.job.probe.fit.RowBlock;
import java.util.Arrays;

/** Collects rows into a block. */
final class BlockBuilder {
    private final int width;
    private int rows;
    private int[] prompts = new int[64];
    private float[] values;

    BlockBuilder(int width) {
        this.width = width;
        this.values = new float[Math.multiplyExact(64, width)];
    }

    void add(int prompt, float[] vector) {
        if (rows == prompts.length) {
            int more = (int) Math.min((long) rows + (rows >> 1), (Integer.MAX_VALUE - 64) / width);
            if (more == rows) {
                throw new IllegalStateException("one block holds at most " + rows + " rows of " + width
                        + " values: lower fit.local_limit_mb, so that this data set is fitted in parts");
            }
            prompts = Arrays.copyOf(prompts, more);
            values = Arrays.copyOf(values, more * width);
        }
        prompts[rows] = prompt;
        System.arraycopy(vector, 0, values, rows * width, width);
        rows++;
    }

    RowBlock build() {
        return new RowBlock(width, Arrays.copyOf(prompts, rows), Arrays.copyOf(values, rows * width));
    }
}
