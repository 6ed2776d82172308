package io.sightline.job.probe.fit;

import io.sightline.engine.DType;
import io.sightline.engine.Kernel;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Linear discriminant analysis: {@code w = S⁻¹ m}, {@code b = -m·w / 2 + log(prior)} with the shrunk pooled covariance S, float64. */
final class DiscriminantSolver implements Solver {
    private static final Kernel WITHOUT_BETWEEN = Kernel.define(
            "within-class scatter",
            "total: Tensor, means: Tensor, counts: Tensor",
            "Tensor",
            "return torch.sub(total, torch.matmul(torch.t(torch.mul(means, torch.unsqueeze(counts, 1))), means))");

    private static final Kernel TRACE = Kernel.define("trace", "x: Tensor", "Tensor", "return torch.trace(x)");

    private final List<Double> shrinkages;

    DiscriminantSolver(List<Double> shrinkages) {
        this.shrinkages = shrinkages;
    }

    @Override
    public List<List<LinearModel>> fit(Training training) {
        List<List<LinearModel>> models = new ArrayList<>();
        for (int variant = 0; variant < training.targets().variants(); variant++) {
            ClassSums sums = training.classSums(variant);
            try (Scope scope = Scope.open()) {
                Tensor within = within(training, sums);
                models.add(candidates(within, sums, training.targets()));
            }
        }
        return models;
    }

    /** {@code (ZᵀZ - Σ n_c m_c m_cᵀ) / n}; the rows are centred. */
    private static Tensor within(Training training, ClassSums sums) {
        Gram gram = training.gram();
        int width = gram.width();
        double[] means = new double[sums.classes() * width];
        double[] counts = new double[sums.classes()];
        for (int c = 0; c < counts.length; c++) {
            System.arraycopy(sums.mean(c), 0, means, c * width, width);
            counts[c] = sums.counts()[c];
        }
        Tensor total = Tensor.of(gram.values(), width, width);
        Tensor scatter =
                WITHOUT_BETWEEN.tensor(total, Tensor.of(means, counts.length, width), Tensor.of(counts, counts.length));
        return scatter.mul(1.0 / gram.rows())
                .to(DType.FLOAT64)
                .to(training.rows().device());
    }

    /** A strength that leaves the matrix singular is left out, as long as another one does not. */
    private List<LinearModel> candidates(Tensor within, ClassSums sums, Targets targets) {
        List<LinearModel> models = new ArrayList<>();
        double[] diagonal = TRACE.tensor(within).toDoubleArray();
        double meanVariance = diagonal[0] / within.size(0);
        FitException last = new FitException("no shrinkage was given");
        for (double shrinkage : shrinkages) {
            try {
                models.add(fit(within, shrinkage, meanVariance, sums).asOutputs(targets));
            } catch (FitException e) {
                last = e;
                models.add(LinearModel.none(targets.outputs(), shrinkage));
            }
        }
        if (models.stream().noneMatch(LinearModel::exists)) {
            throw last;
        }
        return models;
    }

    private static LinearModel fit(Tensor within, double shrinkage, double meanVariance, ClassSums sums) {
        double[][] means = new double[sums.classes()][];
        Arrays.setAll(means, sums::mean);
        double[][] weights = LinearSystem.solve(within, 1 - shrinkage, shrinkage * meanVariance, means);
        double[] biases = new double[means.length];
        for (int c = 0; c < means.length; c++) {
            double prior = (double) sums.counts()[c] / sums.total();
            biases[c] = -0.5 * VectorMath.dot(means[c], weights[c]) + Math.log(prior);
        }
        return LinearModel.exact(weights, biases, shrinkage);
    }
}
