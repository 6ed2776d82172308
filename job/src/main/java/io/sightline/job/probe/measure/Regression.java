package io.sightline.job.probe.measure;

/** Predicted numbers beside true ones. */
@SuppressWarnings("ArrayRecordComponent")
public record Regression(double[] truth, double[] predicted) implements Measured {
    @Override
    public int rows() {
        return truth.length;
    }

    /** Only R²: {@code 1 - Σ(y - p)² / Σ(y - ȳ)²}; NaN where all true values are the same. */
    @Override
    public Metrics weighted(int[] weights) {
        double sum = 0;
        long count = 0;
        for (int i = 0; i < truth.length; i++) {
            sum += weights[i] * truth[i];
            count += weights[i];
        }
        double mean = sum / count;
        double residual = 0;
        double total = 0;
        for (int i = 0; i < truth.length; i++) {
            residual += weights[i] * (truth[i] - predicted[i]) * (truth[i] - predicted[i]);
            total += weights[i] * (truth[i] - mean) * (truth[i] - mean);
        }
        double r2 = total > 0 ? 1 - residual / total : Double.NaN;
        return new Metrics(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, r2);
    }
}
