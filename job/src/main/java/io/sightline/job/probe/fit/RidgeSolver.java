package io.sightline.job.probe.fit;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Ridge regression in closed form, float64: {@code w = (ZᵀZ + alpha I)⁻¹ Zᵀ y}, the intercept unpenalised (Z is centred). Scikit-learn's
 * {@code Ridge}; with classes, of targets -1 and +1, its {@code RidgeClassifier}.
 */
final class RidgeSolver implements Solver {
    private final List<Double> alphas;

    RidgeSolver(List<Double> alphas) {
        this.alphas = alphas;
    }

    /**
     * {@code Zᵀ y} and the mean of {@code y}, by output.
     */
    @SuppressWarnings("ArrayRecordComponent")
    private record RightHandSide(double[][] products, double[] means) {}

    @Override
    public List<List<LinearModel>> fit(Training training) {
        try (Scope scope = Scope.open()) {
            Gram gram = training.gram();
            Tensor a = Tensor.of(gram.values(), gram.width(), gram.width())
                    .to(training.rows().device());
            List<List<LinearModel>> models = new ArrayList<>();
            for (int variant = 0; variant < training.targets().variants(); variant++) {
                RightHandSide side = training.targets().isRegression()
                        ? numbers(training, variant)
                        : classes(training.classSums(variant), training.targets());
                models.add(alphas.stream()
                        .map(alpha -> LinearModel.exact(
                                LinearSystem.solve(a, 1, alpha, side.products()), side.means(), alpha))
                        .toList());
            }
            return models;
        }
    }

    /** For targets +1 in the class and -1 outside: the rows are centred, so that the products are twice the class's sums. */
    private static RightHandSide classes(ClassSums sums, Targets targets) {
        int outputs = targets.outputs();
        double[][] products = new double[outputs][];
        double[] means = new double[outputs];
        for (int o = 0; o < outputs; o++) {
            int c = outputs == 1 ? 1 : o;
            products[o] = sums.sums()[c].clone();
            VectorMath.scale(products[o], 2);
            means[o] = 2.0 * sums.counts()[c] / sums.total() - 1;
        }
        return new RightHandSide(products, means);
    }

    private static RightHandSide numbers(Training training, int variant) {
        double[] flat = training.rows().sum(training.design(), block -> products(block, variant));
        int width = training.rows().width();
        double[] products = training.design().coordinates().ofSum(flat, 0, flat[width]);
        return new RightHandSide(new double[][] {products}, new double[] {flat[width] / training.count()});
    }

    private static double[] products(PreparedBlock prepared, int variant) {
        RowBlock block = prepared.block();
        double[] values = prepared.design().targets().valueOfPrompt()[variant];
        int width = block.width();
        double[] products = new double[width + 1];
        for (int row : prepared.trainRows()) {
            double y = values[block.prompts()[row]];
            for (int i = 0; i < width; i++) {
                products[i] += y * block.values()[row * width + i];
            }
            products[width] += y;
        }
        return products;
    }
}
