package io.sightline.job.probe.fit;

import io.sightline.engine.Kernel;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.TorchException;
import java.util.Arrays;

/** Solves {@code A X = B} for a symmetric, positive definite {@code A}, float64, by Cholesky's decomposition. */
final class LinearSystem {
    /** Pivots this much smaller than the largest are rounding. */
    private static final double SINGULAR = 1e-13;

    private static final Kernel FACTOR = Kernel.define(
            "cholesky",
            "a: Tensor, scale: float, ridge: float",
            "Tensor",
            "shifted = torch.mul(a, scale)",
            "torch.add_(torch.diagonal(shifted), ridge)",
            "return torch.linalg_cholesky(shifted)");
    private static final Kernel DIAGONAL = Kernel.define("diagonal", "x: Tensor", "Tensor", "return torch.diagonal(x)");
    private static final Kernel SOLVE = Kernel.define(
            "cholesky solve",
            "factor: Tensor, b: Tensor",
            "Tensor",
            "return torch.t(torch.cholesky_solve(torch.t(b), factor))");

    private LinearSystem() {}

    /**
     * Solves {@code (scale · A + ridge · I) x = b} for each right-hand side.
     *
     * @param a {@code [width, width]}, on the device to work on
     * @param b {@code [right-hand sides][width]}
     * @throws FitException if the matrix is not positive definite
     */
    static double[][] solve(Tensor a, double scale, double ridge, double[][] b) {
        int width = b[0].length;
        try (Scope scope = Scope.open()) {
            Tensor factor = factor(a, scale, ridge);
            Tensor sides = Tensor.of(flat(b, width), b.length, width).to(a.device());
            double[] x = SOLVE.tensor(factor, sides).toDoubleArray();
            double[][] solutions = new double[b.length][];
            Arrays.setAll(solutions, i -> Arrays.copyOfRange(x, i * width, (i + 1) * width));
            return solutions;
        }
    }

    private static Tensor factor(Tensor a, double scale, double ridge) {
        Tensor factor;
        try {
            factor = FACTOR.tensor(a, scale, ridge);
        } catch (TorchException e) {
            throw singular();
        }
        double[] pivots = DIAGONAL.tensor(factor).toDoubleArray();
        double smallest = Arrays.stream(pivots).min().orElse(1);
        double largest = Arrays.stream(pivots).max().orElse(1);
        if (!(smallest * smallest > SINGULAR * largest * largest)) {
            throw singular();
        }
        return factor;
    }

    private static FitException singular() {
        return new FitException(
                "the covariance of the training rows is singular (a feature is constant or a sum of others,"
                        + " or there are fewer rows than features): take a larger alpha or shrinkage");
    }

    private static double[] flat(double[][] b, int width) {
        double[] values = new double[Math.multiplyExact(b.length, width)];
        for (int i = 0; i < b.length; i++) {
            System.arraycopy(b[i], 0, values, i * width, width);
        }
        return values;
    }
}
