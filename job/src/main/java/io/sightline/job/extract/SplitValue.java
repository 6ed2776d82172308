package io.sightline.job.extract;

import io.sightline.job.table.write.ChunkWriter;
import java.util.Arrays;

/** One saved value of a batch, by prompt: numbers in row-major order, and the shape of each prompt's part. */
public record SplitValue(SavedValue saved, BatchRows batch, int[][] shapes, float[][] numbers) implements OutputRows {
    @Override
    public long bytes() {
        return Arrays.stream(numbers).mapToLong(one -> one.length).sum() * Float.BYTES;
    }

    @Override
    public void writeTo(ChunkWriter writer) {
        for (int i = 0; i < numbers.length; i++) {
            writer.value(batch.refs().get(i), saved.name(), saved.source().step(), shapes[i], numbers[i], 0);
        }
    }
}
