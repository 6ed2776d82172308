package io.sightline.job.probe.fit;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Count, mean and variance (dividing by n) of the training rows, by raw feature, in float64 and two passes.
 *
 * @param mean {@code [width]}
 * @param variance {@code [width]}
 */
@SuppressWarnings("ArrayRecordComponent")
public record Moments(long rows, double[] mean, double[] variance) implements Serializable {
    /** Of all rows of a block. */
    public static Moments of(RowBlock block) {
        int[] all = IntStream.range(0, block.rows()).toArray();
        double[] mean = divided(sums(block, all), block.rows());
        return new Moments(block.rows(), mean, divided(squares(block, all, mean), block.rows()));
    }

    /** Of all rows of several blocks, from the blocks' own: the variances within, and between the means. */
    static Moments pooled(List<Moments> blocks) {
        long count = blocks.stream().mapToLong(Moments::rows).sum();
        double[] mean = new double[blocks.get(0).mean.length];
        double[] variance = new double[mean.length];
        for (Moments block : blocks) {
            VectorMath.addTo(mean, (double) block.rows / count, block.mean);
        }
        for (Moments block : blocks) {
            for (int i = 0; i < mean.length; i++) {
                double between = block.mean[i] - mean[i];
                variance[i] += (block.variance[i] + between * between) * block.rows / count;
            }
        }
        return new Moments(count, mean, variance);
    }

    /** Of the rows that {@code design} trains on; its coordinates are not used. */
    public static Moments of(FitRows rows, Design design) {
        int width = rows.width();
        double[] sums = rows.sum(design, prepared -> {
            double[] own = Arrays.copyOf(sums(prepared.block(), prepared.trainRows()), width + 1);
            own[width] = prepared.trainRows().length;
            return own;
        });
        long count = sums.length == 0 ? 0 : (long) sums[width];
        if (count == 0) {
            return new Moments(0, new double[width], new double[width]);
        }
        double[] mean = divided(Arrays.copyOf(sums, width), count);
        double[] squares = rows.sum(design, prepared -> squares(prepared.block(), prepared.trainRows(), mean));
        return new Moments(count, mean, divided(squares, count));
    }

    private static double[] divided(double[] sums, long count) {
        return Arrays.stream(sums).map(sum -> sum / count).toArray();
    }

    private static double[] sums(RowBlock block, int[] rows) {
        int width = block.width();
        float[] values = block.values();
        double[] sums = new double[width];
        for (int row : rows) {
            int at = row * width;
            for (int i = 0; i < width; i++) {
                sums[i] += values[at + i];
            }
        }
        return sums;
    }

    private static double[] squares(RowBlock block, int[] rows, double[] mean) {
        int width = block.width();
        float[] values = block.values();
        double[] sums = new double[width];
        for (int row : rows) {
            int at = row * width;
            for (int i = 0; i < width; i++) {
                double difference = values[at + i] - mean[i];
                sums[i] += difference * difference;
            }
        }
        return sums;
    }

    /** The coordinates for a fit on these rows. */
    public Affine coordinates(boolean standardize) {
        return standardize ? Affine.standardised(mean, variance) : Affine.centred(mean);
    }
}
