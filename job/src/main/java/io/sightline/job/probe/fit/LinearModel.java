package io.sightline.job.probe.fit;

import java.io.Serializable;

/**
 * Linear functions of an activation, one an output.
 *
 * @param weights {@code [outputs][width]}
 * @param biases {@code [outputs]}
 * @param regularization the strength it was fitted with, in the kind's own terms; NaN where the kind has none
 * @param iterations how many steps the solver took; 0 for closed forms
 * @param converged false if the solver ran into its limit of iterations
 */
@SuppressWarnings("ArrayRecordComponent")
public record LinearModel(double[][] weights, double[] biases, double regularization, int iterations, boolean converged)
        implements Serializable {
    /** A closed-form fit without regularisation. */
    static LinearModel exact(double[][] weights, double[] biases) {
        return exact(weights, biases, Double.NaN);
    }

    static LinearModel exact(double[][] weights, double[] biases, double regularization) {
        return new LinearModel(weights, biases, regularization, 0, true);
    }

    /** Stands for a strength that gave no model. */
    static LinearModel none(int outputs, double regularization) {
        return new LinearModel(new double[outputs][0], new double[outputs], regularization, 0, false);
    }

    public boolean exists() {
        return weights[0].length > 0;
    }

    /** From one function a class to the targets' outputs: of two classes, the second's function less the first's. */
    LinearModel asOutputs(Targets targets) {
        if (targets.outputs() == biases.length) {
            return this;
        }
        double[] difference = VectorMath.plus(weights[1], -1, weights[0]);
        return with(new double[][] {difference}, new double[] {biases[1] - biases[0]});
    }

    public int outputs() {
        return biases.length;
    }

    LinearModel with(double[][] otherWeights, double[] otherBiases) {
        return new LinearModel(otherWeights, otherBiases, regularization, iterations, converged);
    }
}
