package io.sightline.job.probe.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Expected numbers are scikit-learn 1.9's on the same arrays. */
class ClassificationTest {
    private static final int[] TRUTH = {0, 1, 1, 0, 1, 0, 1, 0};
    private static final double[] SCORES = {-1.2, 0.7, 2.1, 0.7, -0.3, -0.9, 1.5, 0.2};

    @Test
    void binaryMetricsEqualScikitLearns() {
        Metrics metrics = new Classification(2, TRUTH, SCORES, true).metrics();
        assertThat(metrics.accuracy()).isEqualTo(0.625);
        assertThat(metrics.balancedAccuracy()).isEqualTo(0.625);
        assertThat(metrics.auroc()).isCloseTo(0.84375, within(1e-12));
        assertThat(metrics.f1()).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(metrics.logLoss()).isCloseTo(0.5100294193567076, within(1e-12));
        assertThat(metrics.r2()).isNaN();
    }

    @Test
    void multiclassMetricsEqualScikitLearns() {
        int[] truth = {0, 1, 2, 2, 1, 0};
        double[] scores = {2, 1, 0, 0.5, 0.4, 0.1, 0, 0, 1, 1, 0, 0.9, 0, 3, 0, 0.2, 0.1, 0};
        Metrics metrics = new Classification(3, truth, scores, true).metrics();
        assertThat(metrics.accuracy()).isCloseTo(4.0 / 6, within(1e-12));
        assertThat(metrics.balancedAccuracy()).isCloseTo(4.0 / 6, within(1e-12));
        assertThat(metrics.f1()).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(metrics.auroc()).isCloseTo(0.9166666666666666, within(1e-12));
        assertThat(metrics.logLoss()).isCloseTo(0.6704671894131734, within(1e-12));
    }

    @Test
    void aRowThatCountsTwiceEqualsARowThatIsThereTwice() {
        int[] twice =
                IntStream.concat(IntStream.of(TRUTH), IntStream.of(TRUTH[1])).toArray();
        double[] scoresTwice = DoubleStream.concat(DoubleStream.of(SCORES), DoubleStream.of(SCORES[1]))
                .toArray();
        Metrics weighted = new Classification(2, TRUTH, SCORES, true).weighted(new int[] {1, 2, 1, 1, 1, 1, 1, 1});
        assertThat(weighted).isEqualTo(new Classification(2, twice, scoresTwice, true).metrics());
    }

    @Test
    void scoresThatAreNoProbabilitiesHaveNoLogLoss() {
        assertThat(new Classification(2, TRUTH, SCORES, false).metrics().logLoss())
                .isNaN();
    }

    @Test
    void r2EqualsScikitLearns() {
        Regression regression = new Regression(new double[] {3, -0.5, 2, 7}, new double[] {2.5, 0.0, 2, 8});
        assertThat(regression.metrics().r2()).isCloseTo(0.9486081370449679, within(1e-12));
    }

    @Test
    void bootstrapIntervalsHoldTheMetricAndComeBackWithTheSameSeed() {
        int[] truth = IntStream.range(0, 400).map(i -> i % 2).toArray();
        double[] scores = IntStream.range(0, 400)
                .mapToDouble(i -> i % 5 == 0 ? 0.5 - i % 2 : i % 2 - 0.5)
                .toArray();
        int[] prompts = IntStream.range(0, 400).toArray();
        Classification measured = new Classification(2, truth, scores, true);
        Bootstrap.Intervals intervals = new Bootstrap(500, 0.95, 1).of(measured, prompts);
        // The normal approximation of the same interval: 0.8 ± 1.96 sqrt(0.8 · 0.2 / 400)
        assertThat(intervals.low().accuracy()).isCloseTo(0.8 - 0.0392, within(0.008));
        assertThat(intervals.high().accuracy()).isCloseTo(0.8 + 0.0392, within(0.008));
        assertThat(new Bootstrap(500, 0.95, 1).of(measured, prompts)).isEqualTo(intervals);
    }

    @Test
    void rowsOfOnePromptAreDrawnTogether() {
        int[] truth = IntStream.range(0, 400).map(i -> i / 4 % 2).toArray();
        double[] scores = IntStream.range(0, 400)
                .mapToDouble(i -> i / 4 % 5 == 0 ? 0.5 - i / 4 % 2 : i / 4 % 2 - 0.5)
                .toArray();
        int[] prompts = IntStream.range(0, 400).map(i -> i / 4).toArray();
        Bootstrap.Intervals intervals =
                new Bootstrap(500, 0.95, 1).of(new Classification(2, truth, scores, true), prompts);
        assertThat(intervals.high().accuracy() - intervals.low().accuracy()).isCloseTo(2 * 0.0784, within(0.02));
    }

    /** The ends are statsmodels' {@code proportion_confint(n, n, method="wilson")} for 50 and for 5 trials. */
    @Test
    void aTestWithoutErrorsIsNotCertain() {
        int[] truth = IntStream.range(0, 50).map(i -> i < 5 ? 1 : 0).toArray();
        double[] scores = IntStream.of(truth).mapToDouble(t -> t - 0.5).toArray();
        int[] prompts = IntStream.range(0, 50).toArray();
        Bootstrap.Intervals intervals =
                new Bootstrap(200, 0.95, 1).of(new Classification(2, truth, scores, true), prompts);
        assertThat(intervals.low().accuracy()).isCloseTo(0.9286524, within(1e-6));
        assertThat(intervals.low().auroc()).isCloseTo(0.5655175, within(1e-6));
        assertThat(intervals.low().balancedAccuracy()).isCloseTo(0.5655175, within(1e-6));
        assertThat(intervals.high().accuracy()).isEqualTo(1);
        assertThat(intervals.low().logLoss())
                .as("no share, and the same for every row")
                .isNaN();
    }
}
