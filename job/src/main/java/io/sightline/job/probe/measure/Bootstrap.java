package io.sightline.job.probe.measure;

import java.io.Serializable;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.interval.ConfidenceInterval;
import org.apache.commons.math3.stat.interval.WilsonScoreInterval;
import org.apache.commons.math3.stat.ranking.NaNStrategy;

/**
 * Percentile bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, chapter 13): whole prompts are drawn with replacement, so that a
 * prompt's rows count together.
 *
 * <p>Where all resamples agree (a test part without a single error), it would claim certainty. A metric that is a share then gets Wilson's score
 * interval (Wilson, Journal of the American Statistical Association 22, 1927) for as many trials as there are prompts: for accuracy all prompts,
 * for metrics by class those of the rarest class.
 *
 * @param resamples how many; 0 for no intervals
 * @param confidence the interval's share, such as 0.95
 * @param seed the same seed draws the same prompts, whatever is measured on them
 */
public record Bootstrap(int resamples, double confidence, long seed) implements Serializable {
    /** What a probe with many classes and rows may cost: about a second. Above it the resamples would take longer than the fit. */
    private static final long MOST_STEPS = 400_000_000;

    private static final double ROUNDING = 1e-12;

    /** The lower and upper ends of each metric. */
    public record Intervals(Metrics low, Metrics high) implements Serializable {
        public static final Intervals NONE = new Intervals(Metrics.NONE, Metrics.NONE);
    }

    /**
     * @param promptOfRow a number for each row that rows of the same prompt share, {@code [rows]}
     */
    public Intervals of(Measured measured, int[] promptOfRow) {
        long steps = (long) resamples
                * promptOfRow.length
                * (measured instanceof Classification classes && classes.classes() > 2 ? classes.classes() : 1);
        if (resamples == 0 || promptOfRow.length == 0 || steps > MOST_STEPS) {
            return Intervals.NONE;
        }
        int[] groups = numbered(promptOfRow);
        int count = Arrays.stream(groups).max().orElse(-1) + 1;
        SplittableRandom random = new SplittableRandom(seed);
        Metrics[] drawn = new Metrics[resamples];
        int[] times = new int[count];
        int[] weights = new int[groups.length];
        for (int i = 0; i < resamples; i++) {
            Arrays.fill(times, 0);
            for (int draw = 0; draw < count; draw++) {
                times[random.nextInt(count)]++;
            }
            Arrays.setAll(weights, row -> times[groups[row]]);
            drawn[i] = measured.weighted(weights);
        }
        int rarest = measured instanceof Classification classes ? classes.promptsOfRarestClass(groups) : count;
        return intervals(drawn, count, rarest);
    }

    /** The same grouping with numbers from 0 on, in the order of the given ones. */
    private static int[] numbered(int[] promptOfRow) {
        int[] distinct = Arrays.stream(promptOfRow).distinct().sorted().toArray();
        return Arrays.stream(promptOfRow)
                .map(prompt -> Arrays.binarySearch(distinct, prompt))
                .toArray();
    }

    private Intervals intervals(Metrics[] drawn, int prompts, int ofRarestClass) {
        double[] low = new double[Metrics.COMPONENTS.size()];
        double[] high = new double[low.length];
        for (int i = 0; i < low.length; i++) {
            double[] values =
                    Arrays.stream(drawn).mapToDouble(Metrics.COMPONENTS.get(i)).toArray();
            low[i] = quantile(values, (1 - confidence) / 2);
            high[i] = quantile(values, (1 + confidence) / 2);
            boolean agree = high[i] - low[i] <= ROUNDING * Math.abs(high[i]);
            if (agree && i < Metrics.SHARES) {
                int trials = i == 0 ? prompts : ofRarestClass;
                ConfidenceInterval wilson =
                        new WilsonScoreInterval().createInterval(trials, (int) Math.round(low[i] * trials), confidence);
                low[i] = Math.min(low[i], wilson.getLowerBound());
                high[i] = Math.max(high[i], Math.min(1, wilson.getUpperBound()));
            } else if (agree) {
                low[i] = Double.NaN;
                high[i] = Double.NaN;
            }
        }
        return new Intervals(Metrics.of(low), Metrics.of(high));
    }

    /** Linear between order statistics, as numpy does by default. */
    private static double quantile(double[] values, double quantile) {
        return new Percentile()
                .withEstimationType(Percentile.EstimationType.R_7)
                .withNaNStrategy(NaNStrategy.REMOVED)
                .evaluate(values, 100 * quantile);
    }
}
