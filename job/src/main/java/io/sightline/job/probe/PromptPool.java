package io.sightline.job.probe;

import io.sightline.job.probe.fit.FitException;
import io.sightline.job.probe.fit.RowBlock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reduces each prompt's rows, which come together and in the order of their positions, in all wanted ways at once. */
final class PromptPool {
    private final List<Pooling> poolings;
    private final Map<Pooling, BlockBuilder> blocks = new EnumMap<>(Pooling.class);
    private int width = -1;
    private int prompt = -1;
    private int rows;
    private float @Nullable [] first;
    private float @Nullable [] last;
    private double[] sum = new double[0];

    PromptPool(List<Pooling> poolings) {
        this.poolings = poolings;
    }

    /** @throws FitException if the vector is not as long as the others */
    void add(int rowPrompt, float[] vector) {
        if (width < 0) {
            width = vector.length;
            sum = new double[width];
            poolings.forEach(pooling -> blocks.put(pooling, new BlockBuilder(width)));
        } else if (vector.length != width) {
            throw new FitException("vectors of different lengths, " + width + " and " + vector.length
                    + ", are stored for one module: they cannot be probed together");
        }
        if (rowPrompt != prompt) {
            finishPrompt();
            prompt = rowPrompt;
            first = vector;
        }
        last = vector;
        rows++;
        for (int i = 0; i < width; i++) {
            sum[i] += vector[i];
        }
        put(Pooling.AS_STORED, vector);
    }

    private void put(Pooling pooling, float @Nullable [] vector) {
        BlockBuilder block = blocks.get(pooling);
        if (block != null && vector != null) {
            block.add(prompt, vector);
        }
    }

    private void finishPrompt() {
        if (rows > 0) {
            put(Pooling.FIRST, first);
            put(Pooling.LAST, last);
            float[] mean = new float[width];
            for (int i = 0; i < width; i++) {
                mean[i] = (float) (sum[i] / rows);
                sum[i] = 0;
            }
            put(Pooling.MEAN, mean);
            rows = 0;
        }
    }

    /** The blocks by pooling; empty if there was no row. */
    Map<Pooling, RowBlock> blocks() {
        finishPrompt();
        Map<Pooling, RowBlock> built = new EnumMap<>(Pooling.class);
        blocks.forEach((pooling, builder) -> built.put(pooling, builder.build()));
        return built;
    }
}
