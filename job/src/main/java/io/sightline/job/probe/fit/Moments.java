package io.sightline.job.probe.fit;

import java.util.Arrays;

/**
 * Count, mean and variance (dividing by n) of the training rows, by raw feature, in float64 and two passes.
 *
 * @param mean {@code [width]}
 * @param variance {@code [width]}
 */
@SuppressWarnings("ArrayRecordComponent")
public record Moments(long rows, double[] mean, double[] variance) {
    /** Of the rows that {@code design} trains on; its coordinates are not used. */
    public static Moments of(Rows rows, Design design) {
        double[] sums = rows.sum(design, Moments::sums);
        int width = rows.width();
        long count = sums.length == 0 ? 0 : (long) sums[width];
        double[] mean = new double[width];
        if (count == 0) {
            return new Moments(0, mean, new double[width]);
        }
        Arrays.setAll(mean, i -> sums[i] / count);
        double[] squares = rows.sum(design, block -> squares(block, mean));
        return new Moments(
                count, mean, Arrays.stream(squares).map(s -> s / count).toArray());
    }

    private static double[] sums(PreparedBlock prepared) {
        Block block = prepared.block();
        double[] sums = new double[block.width() + 1];
        for (int row : prepared.trainRows()) {
            int at = row * block.width();
            for (int i = 0; i < block.width(); i++) {
                sums[i] += block.values()[at + i];
            }
        }
        sums[block.width()] = prepared.trainRows().length;
        return sums;
    }

    private static double[] squares(PreparedBlock prepared, double[] mean) {
        Block block = prepared.block();
        double[] sums = new double[block.width()];
        for (int row : prepared.trainRows()) {
            int at = row * block.width();
            for (int i = 0; i < block.width(); i++) {
                double difference = block.values()[at + i] - mean[i];
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
