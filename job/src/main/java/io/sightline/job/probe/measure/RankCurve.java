package io.sightline.job.probe.measure;

import java.util.stream.IntStream;

/** Area under the ROC curve of one score, sorted once so that each set of weights takes one walk over the rows. */
final class RankCurve {
    private final int[] order;
    private final double[] sorted;
    private final boolean[] positive;

    /**
     * @param scores {@code [rows]}
     * @param positive which rows the score should be high for
     */
    RankCurve(double[] scores, boolean[] positive) {
        this.order = IntStream.range(0, scores.length)
                .boxed()
                .sorted((a, b) -> Double.compare(scores[a], scores[b]))
                .mapToInt(Integer::intValue)
                .toArray();
        this.sorted = IntStream.of(order).mapToDouble(i -> scores[i]).toArray();
        this.positive = positive;
    }

    /** The chance that a positive row scores above a negative one, ties counting half; NaN where one of the two is missing. */
    double area(int[] weights) {
        double negativesBelow = 0;
        double positives = 0;
        double pairs = 0;
        for (int from = 0; from < order.length; ) {
            long tiedPositives = 0;
            long tiedNegatives = 0;
            int to = from;
            for (; to < order.length && sorted[to] == sorted[from]; to++) {
                int row = order[to];
                if (positive[row]) {
                    tiedPositives += weights[row];
                } else {
                    tiedNegatives += weights[row];
                }
            }
            pairs += tiedPositives * (negativesBelow + 0.5 * tiedNegatives);
            negativesBelow += tiedNegatives;
            positives += tiedPositives;
            from = to;
        }
        double all = positives * negativesBelow;
        return all > 0 ? pairs / all : Double.NaN;
    }
}
