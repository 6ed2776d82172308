package io.sightline.job.probe.measure;

import java.io.Serializable;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Percentile bootstrap: whole prompts are drawn with replacement, so that a prompt's rows count together.
 *
 * @param resamples how many; 0 for no intervals
 * @param confidence the interval's share, such as 0.95
 * @param seed the same seed draws the same prompts, whatever is measured on them
 */
public record Bootstrap(int resamples, double confidence, long seed) implements Serializable {
    /** What a probe with many classes and rows may cost: about a second. Above it the resamples would take longer than the fit. */
    private static final long MOST_STEPS = 400_000_000;

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
        return new Intervals(ends(drawn, (1 - confidence) / 2), ends(drawn, (1 + confidence) / 2));
    }

    /** The same grouping with numbers from 0 on, in the order of the given ones. */
    private static int[] numbered(int[] promptOfRow) {
        int[] distinct = Arrays.stream(promptOfRow).distinct().sorted().toArray();
        return Arrays.stream(promptOfRow)
                .map(prompt -> Arrays.binarySearch(distinct, prompt))
                .toArray();
    }

    private static Metrics ends(Metrics[] drawn, double quantile) {
        double[] components = new double[Metrics.COMPONENTS.size()];
        Arrays.setAll(components, i -> quantile(drawn, Metrics.COMPONENTS.get(i), quantile));
        return Metrics.of(components);
    }

    /** Linear between order statistics, as numpy does by default. */
    private static double quantile(Metrics[] drawn, ToDoubleFunction<Metrics> component, double quantile) {
        double[] values = Arrays.stream(drawn)
                .mapToDouble(component)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        if (values.length == 0) {
            return Double.NaN;
        }
        double at = quantile * (values.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, values.length - 1);
        return values[below] + (at - below) * (values[above] - values[below]);
    }
}
