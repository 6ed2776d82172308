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
    static ClassSums of(Rows rows, Design design, int variant) {
        int classes = design.targets().classes();
        int stride = rows.width() + 1;
        double[] flat = rows.sum(design, block -> sums(block, variant, classes, stride));
        long[] counts = new long[classes];
        double[][] sums = new double[classes][rows.width()];
        for (int c = 0; c < classes; c++) {
            System.arraycopy(flat, c * stride, sums[c], 0, rows.width());
            counts[c] = (long) flat[c * stride + rows.width()];
        }
        return new ClassSums(counts, sums);
    }

    private static double[] sums(PreparedBlock prepared, int variant, int classes, int stride) {
        double[] flat = new double[Math.multiplyExact(classes, stride)];
        Block block = prepared.block();
        int[] classOfPrompt = prepared.design().targets().classOfPrompt()[variant];
        double[] row = new double[stride - 1];
        for (int r : prepared.trainRows()) {
            int at = classOfPrompt[block.prompts()[r]] * stride;
            prepared.design().coordinates().apply(block.values(), r * block.width(), row, 0);
            for (int i = 0; i < row.length; i++) {
                flat[at + i] += row[i];
            }
            flat[at + row.length]++;
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
