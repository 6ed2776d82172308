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
 * nearly diagonal in the eigenvectors' coordinates, whatever its regularisation, and these leave {@code |w|} as it is. It sets how fast a fit
 * converges, not where to: it is therefore estimated from a part of the rows, and from variances alone where rows are very wide.
 *
 * <p>Owns its tensors; whoever made it closes it.
 */
public final class Curvature implements AutoCloseable {
    static final int WIDEST_FOR_EIGENVECTORS = 2048;
    private static final int ROWS_A_FEATURE = 8;

    private static final Kernel EIGH =
            Kernel.define("eigh", "x: Tensor", "Tuple[Tensor, Tensor]", "return torch.linalg_eigh(x, \"L\")");
    private static final Kernel TO_WEIGHTS =
            Kernel.define("eigen to weights", "u: Tensor, v: Tensor", "Tensor", "return torch.matmul(u, torch.t(v))");
    private static final Kernel FROM_WEIGHTS =
            Kernel.define("weights to eigen", "w: Tensor, v: Tensor", "Tensor", "return torch.matmul(w, v)");

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
    static Curvature of(FitRows rows, Design design, Moments moments) {
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

    /** The rows' variance along each eigenvector, {@code [width]}. */
    double[] variances() {
        return values;
    }

    /**
     * From coefficients of the eigenvectors to weights, float64.
     *
     * @param coefficients of several models, each {@code [outputs, width]}
     */
    double[][] toWeights(double[][] coefficients) {
        return times(coefficients, TO_WEIGHTS);
    }

    /** From weights, or gradients by them, to coefficients of the eigenvectors: the inverse, as these are orthonormal. */
    double[][] fromWeights(double[][] weights) {
        return times(weights, FROM_WEIGHTS);
    }

    private double[][] times(double[][] models, Kernel product) {
        if (vectors == null) {
            return models;
        }
        int each = models[0].length;
        double[] flat = new double[Math.multiplyExact(models.length, each)];
        for (int m = 0; m < models.length; m++) {
            System.arraycopy(models[m], 0, flat, m * each, each);
        }
        try (Scope scope = Scope.open()) {
            Tensor given =
                    Tensor.of(flat, flat.length / values.length, values.length).to(vectors.device());
            double[] turned = product.tensor(given, vectors).toDoubleArray();
            double[][] results = new double[models.length][];
            Arrays.setAll(results, m -> Arrays.copyOfRange(turned, m * each, (m + 1) * each));
            return results;
        }
    }

    @Override
    public void close() {
        if (vectors != null) {
            vectors.close();
        }
    }
}
