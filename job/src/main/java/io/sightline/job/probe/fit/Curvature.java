package io.sightline.job.probe.fit;

import io.sightline.engine.DType;
import io.sightline.engine.Kernel;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The eigenvectors and eigenvalues of the training rows' covariance: with them the Hessian of any logistic objective over these rows is
 * nearly diagonal, whatever its regularisation. Only a preconditioner: it sets how fast a fit converges, not where to. It is therefore
 * estimated from a part of the rows, and from variances alone where rows are very wide.
 *
 * <p>Owns its tensors; whoever made it closes it.
 */
public final class Curvature implements AutoCloseable {
    static final int WIDEST_FOR_EIGENVECTORS = 2048;
    private static final int ROWS_A_FEATURE = 8;

    private static final Kernel EIGH =
            Kernel.define("eigh", "x: Tensor", "Tuple[Tensor, Tensor]", "return torch.linalg_eigh(x, \"L\")");
    private static final Kernel APPLY = Kernel.define(
            "precondition",
            "g: Tensor, vectors: Tensor, denominators: Tensor",
            "Tensor",
            "return torch.matmul(torch.div(torch.matmul(g, vectors), denominators), torch.t(vectors))");

    private final double[] values;
    private final @Nullable Tensor vectors;

    private Curvature(double[] values, @Nullable Tensor vectors) {
        this.values = values;
        this.vectors = vectors;
    }

    /**
     * Of the design's training rows, in its coordinates.
     *
     * @param moments of the same rows
     */
    static Curvature of(Rows rows, Design design, Moments moments) {
        int width = rows.width();
        if (width > WIDEST_FOR_EIGENVECTORS) {
            return new Curvature(scaledVariances(moments, design.coordinates()), null);
        }
        int every = (int) Math.max(1, moments.rows() / ((long) ROWS_A_FEATURE * width));
        try (Scope scope = Scope.open()) {
            Gram gram = Gram.ofEvery(every, rows, design);
            Tuple parts = (Tuple) Objects.requireNonNull(EIGH.call(gram.covariance(rows.device())));
            Tensor vectors = (Tensor) Objects.requireNonNull(parts.get(1));
            double[] values = ((Tensor) Objects.requireNonNull(parts.get(0))).toDoubleArray();
            return new Curvature(values, scope.keep(vectors.to(DType.FLOAT64)).release());
        }
    }

    private static double[] scaledVariances(Moments moments, Affine coordinates) {
        double[] variances = moments.variance().clone();
        for (int i = 0; i < variances.length; i++) {
            variances[i] /= coordinates.scale()[i] * coordinates.scale()[i];
        }
        return variances;
    }

    /**
     * Multiplies by an approximate inverse Hessian of a logistic objective (mean loss plus {@code penalty / 2 · |w|²}) where the outputs' variances are
     * {@code spread}.
     *
     * @param gradient the outputs' weights {@code [outputs, width]}, then their biases
     * @param spread p(1 - p) of each output
     */
    double[] inverseTimes(double[] gradient, double[] spread, double penalty) {
        double[] result = new double[gradient.length];
        double[] denominators = denominators(spread, penalty);
        if (vectors == null) {
            for (int i = 0; i < denominators.length; i++) {
                result[i] = gradient[i] / denominators[i];
            }
        } else {
            rotated(gradient, denominators, spread.length, result);
        }
        for (int o = 0; o < spread.length; o++) {
            result[denominators.length + o] = gradient[denominators.length + o] / spread[o];
        }
        return result;
    }

    private double[] denominators(double[] spread, double penalty) {
        int width = values.length;
        double[] denominators = new double[spread.length * width];
        for (int o = 0; o < spread.length; o++) {
            for (int i = 0; i < width; i++) {
                denominators[o * width + i] = spread[o] * Math.max(values[i], 0) + penalty;
            }
        }
        return denominators;
    }

    private void rotated(double[] gradient, double[] denominators, int outputs, double[] result) {
        Tensor basis = Objects.requireNonNull(vectors);
        int width = values.length;
        double[] weights = Arrays.copyOf(gradient, denominators.length);
        try (Scope scope = Scope.open()) {
            Tensor g = Tensor.of(weights, outputs, width).to(basis.device());
            Tensor below = Tensor.of(denominators, outputs, width).to(basis.device());
            System.arraycopy(APPLY.tensor(g, basis, below).toDoubleArray(), 0, result, 0, denominators.length);
        }
    }

    @Override
    public void close() {
        if (vectors != null) {
            vectors.close();
        }
    }
}
