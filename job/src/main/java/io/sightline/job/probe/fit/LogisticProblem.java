package io.sightline.job.probe.fit;

import java.util.Arrays;

/**
 * One logistic regression: scikit-learn's {@code LogisticRegression} objective, divided by the number of training rows: the mean log loss plus
 * {@code |w|² / (2 C n)}, the intercept unpenalised; of more than two classes, each one's weights are penalised.
 *
 * <p>It is searched in the coordinates of the curvature's eigenvectors. Parameters: coefficients {@code [outputs, width]}, then biases
 * {@code [outputs]}.
 */
final class LogisticProblem {
    private final Training training;
    private final Curvature curvature;
    private final Affine coordinates;
    private final int column;
    private final int outputs;
    private final int weights;
    private final double c;
    private final double penalty;
    private final Lbfgs search;

    /**
     * @param variant which variant of the training's targets
     * @param column where the batch has that variant
     */
    LogisticProblem(Training training, int variant, int column, double c, Solver.Stop stop) {
        this.training = training;
        this.column = column;
        this.c = c;
        curvature = training.curvature();
        coordinates = training.design().coordinates().from(training.rows().base());
        outputs = training.targets().outputs();
        weights = outputs * coordinates.width();
        penalty = 1 / (c * training.count());
        ClassSums sums = training.classSums(variant);
        double[] scale = inverseCurvatures(sums);
        search = new Lbfgs(
                start(sums),
                gradient -> product(gradient, scale),
                stop,
                LogisticObjective.rounding(training.rows().device()));
    }

    int column() {
        return column;
    }

    Curvature curvature() {
        return curvature;
    }

    boolean isDone() {
        return search.isDone();
    }

    /** The coefficients of the point to evaluate next, {@code [outputs, width]}. */
    double[] coefficients() {
        return Arrays.copyOf(search.trial(), weights);
    }

    /** No weights, and biases that give each class its frequency. */
    private double[] start(ClassSums sums) {
        double[] start = new double[weights + outputs];
        for (int o = 0; o < outputs; o++) {
            start[weights + o] = outputs == 1
                    ? Math.log((double) sums.counts()[1] / sums.counts()[0])
                    : Math.log((double) sums.counts()[o] / sums.total());
        }
        return start;
    }

    /** One over the objective's second derivatives, roughly: p(1 - p) times the rows' variance, plus the penalty. */
    private double[] inverseCurvatures(ClassSums sums) {
        double[] inverse = new double[weights + outputs];
        double[] variances = curvature.variances();
        for (int o = 0; o < outputs; o++) {
            double p = (double) sums.counts()[outputs == 1 ? 1 : o] / sums.total();
            double spread = p * (1 - p);
            for (int i = 0; i < variances.length; i++) {
                inverse[o * variances.length + i] = 1 / (spread * Math.max(variances[i], 0) + penalty);
            }
            inverse[weights + o] = 1 / spread;
        }
        return inverse;
    }

    private static double[] product(double[] a, double[] b) {
        double[] product = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            product[i] = a[i] * b[i];
        }
        return product;
    }

    /** That point's parameters in the base coordinates, weights {@code [outputs, width]} and biases, from its own weights. */
    double[] inBase(double[] own) {
        LinearModel base = coordinates.toRaw(model(own, search.trial()));
        double[] point = new double[weights + outputs];
        for (int o = 0; o < outputs; o++) {
            System.arraycopy(base.weights()[o], 0, point, o * coordinates.width(), coordinates.width());
        }
        System.arraycopy(base.biases(), 0, point, weights, outputs);
        return point;
    }

    /** The gradient by the problem's own weights {@code [outputs, width]}, from one by parameters in the base coordinates. */
    double[] ownGradient(double[] gradient) {
        int width = coordinates.width();
        double[] own = new double[weights];
        for (int o = 0; o < outputs; o++) {
            System.arraycopy(coordinates.ofSum(gradient, o * width, gradient[weights + o]), 0, own, o * width, width);
        }
        return own;
    }

    /**
     * What was wanted: the sum of losses and its gradient.
     *
     * @param coefficients the gradient by the coefficients
     * @param base the gradient by parameters in the base coordinates, of which the biases' are the same
     */
    void accept(double loss, double[] coefficients, double[] base) {
        double[] point = search.trial();
        double[] gradient = new double[weights + outputs];
        double squares = 0;
        for (int i = 0; i < weights; i++) {
            squares += point[i] * point[i];
            gradient[i] = coefficients[i] / training.count() + penalty * point[i];
        }
        for (int o = 0; o < outputs; o++) {
            gradient[weights + o] = base[weights + o] / training.count();
        }
        search.accept(loss / training.count() + 0.5 * penalty * squares, gradient);
    }

    /** The best model so far, in the training's coordinates. */
    LinearModel model() {
        double[][] best = {Arrays.copyOf(search.point(), weights)};
        return model(curvature.toWeights(best)[0], search.point());
    }

    private LinearModel model(double[] own, double[] point) {
        int width = coordinates.width();
        double[][] rows = new double[outputs][width];
        double[] biases = new double[outputs];
        for (int o = 0; o < outputs; o++) {
            System.arraycopy(own, o * width, rows[o], 0, width);
            biases[o] = point[weights + o];
        }
        return new LinearModel(rows, biases, c, search.iterations(), search.isConverged());
    }
}
