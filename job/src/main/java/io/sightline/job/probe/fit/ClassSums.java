package io.sightline.job.probe.fit;

/**
 * How many training rows each class has and the sum of their coordinates, float64.
 *
 * @param counts {@code [classes]}
 * @param sums {@code [classes][width]}
 */
@SuppressWarnings("ArrayRecordComponent")
record ClassSums(long[] counts, double[][] sums) {
    /** One variant's, in the design's coordinates. */
    static ClassSums of(FitRows rows, Design design, int variant) {
        int classes = design.targets().classes();
        int stride = rows.width() + 1;
        double[] flat = rows.sum(design, block -> sums(block, variant, classes, stride));
        long[] counts = new long[classes];
        double[][] sums = new double[classes][];
        for (int c = 0; c < classes; c++) {
            counts[c] = (long) flat[c * stride + rows.width()];
            sums[c] = design.coordinates().ofSum(flat, c * stride, counts[c]);
        }
        return new ClassSums(counts, sums);
    }

    /** Sums of raw rows: they lose nothing in float64, and cost less than rows in other coordinates. */
    private static double[] sums(PreparedBlock prepared, int variant, int classes, int stride) {
        double[] flat = new double[Math.multiplyExact(classes, stride)];
        RowBlock block = prepared.block();
        int[] classOfPrompt = prepared.design().targets().classOfPrompt()[variant];
        int width = block.width();
        float[] values = block.values();
        for (int r : prepared.trainRows()) {
            int at = classOfPrompt[block.prompts()[r]] * stride;
            int from = r * width;
            for (int i = 0; i < width; i++) {
                flat[at + i] += values[from + i];
            }
            flat[at + width]++;
        }
        return flat;
    }

    int classes() {
        return counts.length;
    }

    long total() {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        return total;
    }

    /** The mean of one class, {@code [width]}. */
    double[] mean(int c) {
        double[] mean = new double[sums[c].length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = sums[c][i] / counts[c];
        }
        return mean;
    }

    /** The mean of every row that is not of class {@code c}, {@code [width]}. */
    double[] meanOfOthers(int c) {
        double[] mean = new double[sums[c].length];
        for (int other = 0; other < classes(); other++) {
            for (int i = 0; other != c && i < mean.length; i++) {
                mean[i] += sums[other][i] / (total() - counts[c]);
            }
        }
        return mean;
    }
}
