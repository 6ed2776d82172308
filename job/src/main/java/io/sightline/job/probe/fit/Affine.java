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

    public int width() {
        return mean.length;
    }

    /** Writes one row's coordinates, {@code source[from …]} to {@code target[at …]}. */
    void apply(float[] source, int from, double[] target, int at) {
        for (int i = 0; i < mean.length; i++) {
            target[at + i] = (source[from + i] - mean[i]) / scale[i];
        }
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
