package io.sightline.job.probe.fit;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The coordinates that a fit works in: {@code z = (x - mean) / scale}, by feature.
 *
 * @param mean {@code [width]}
 * @param scale {@code [width]}, none of them 0
 */
@SuppressWarnings("ArrayRecordComponent")
public record Affine(double[] mean, double[] scale) implements Serializable {
    /** Raw activations as they are. */
    public static Affine identity(int width) {
        return centred(new double[width]);
    }

    /** Takes the mean away and leaves the scale: the coordinates of a probe that is not standardised. */
    static Affine centred(double[] mean) {
        double[] ones = new double[mean.length];
        Arrays.fill(ones, 1);
        return new Affine(mean, ones);
    }

    /**
     * Scales by the standard deviation (dividing by n, as scikit-learn's StandardScaler does); a constant feature keeps scale 1.
     *
     * @param variance {@code [width]}
     */
    static Affine standardised(double[] mean, double[] variance) {
        double[] scale = new double[mean.length];
        for (int i = 0; i < scale.length; i++) {
            // Rounding leaves a constant feature with a variance of about (1e-8 · mean)² rather than 0.
            double constant = 1e-14 * mean[i] * mean[i];
            scale[i] = variance[i] > constant ? Math.sqrt(variance[i]) : 1;
        }
        return new Affine(mean, scale);
    }

    /**
     * What a fit's rows are held in: every feature centred and of unit variance, mean and scale exact in float32, so that rows
     * can be brought there in float32 without a rounding that their way back would not know of.
     */
    static Affine base(Moments moments) {
        Affine exact = standardised(moments.mean(), moments.variance());
        return new Affine(rounded(exact.mean), rounded(exact.scale));
    }

    private static double[] rounded(double[] values) {
        double[] rounded = new double[values.length];
        Arrays.setAll(rounded, i -> (float) values[i]);
        return rounded;
    }

    /** The way from {@code base}'s coordinates, instead of from raw activations, to these. */
    Affine from(Affine base) {
        double[] otherMean = new double[mean.length];
        double[] otherScale = new double[mean.length];
        for (int i = 0; i < mean.length; i++) {
            otherMean[i] = (mean[i] - base.mean[i]) / base.scale[i];
            otherScale[i] = scale[i] / base.scale[i];
        }
        return new Affine(otherMean, otherScale);
    }

    public int width() {
        return mean.length;
    }

    /**
     * A weighted sum of rows in these coordinates, from the same sum of raw rows: {@code Σ a z = (Σ a x - mean Σ a) / scale}.
     *
     * @param sum of the raw rows, {@code sum[from … from + width]}
     * @param weights the sum of the rows' weights
     */
    double[] ofSum(double[] sum, int from, double weights) {
        double[] result = new double[mean.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = (sum[from + i] - weights * mean[i]) / scale[i];
        }
        return result;
    }

    /** The same linear functions on raw activations: {@code w·z + b = w'·x + b'}. */
    public LinearModel toRaw(LinearModel model) {
        double[][] weights = new double[model.outputs()][mean.length];
        double[] biases = model.biases().clone();
        for (int o = 0; o < weights.length; o++) {
            for (int i = 0; i < mean.length; i++) {
                weights[o][i] = model.weights()[o][i] / scale[i];
                biases[o] -= weights[o][i] * mean[i];
            }
        }
        return model.with(weights, biases);
    }

    /** The other way round: raw linear functions in these coordinates. */
    LinearModel fromRaw(LinearModel raw) {
        double[][] weights = new double[raw.outputs()][mean.length];
        double[] biases = raw.biases().clone();
        for (int o = 0; o < weights.length; o++) {
            for (int i = 0; i < mean.length; i++) {
                weights[o][i] = raw.weights()[o][i] * scale[i];
                biases[o] += raw.weights()[o][i] * mean[i];
            }
        }
        return raw.with(weights, biases);
    }
}
