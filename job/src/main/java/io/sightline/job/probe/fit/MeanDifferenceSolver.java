package io.sightline.job.probe.fit;

import java.util.ArrayList;
import java.util.List;

/**
 * Difference of means (mass-mean; Marks and Tegmark 2023): each class's raw mean less the mean of all other rows, split half-way. With two classes,
 * the second class's mean less the first's.
 */
final class MeanDifferenceSolver implements Solver {
    @Override
    public List<List<LinearModel>> fit(Training training) {
        List<List<LinearModel>> models = new ArrayList<>();
        for (int variant = 0; variant < training.targets().variants(); variant++) {
            models.add(List.of(fit(training.classSums(variant), training)));
        }
        return models;
    }

    private static LinearModel fit(ClassSums sums, Training training) {
        int outputs = training.targets().outputs();
        Affine coordinates = training.design().coordinates();
        double[][] weights = new double[outputs][];
        double[] biases = new double[outputs];
        for (int o = 0; o < outputs; o++) {
            int c = outputs == 1 ? 1 : o;
            double[] mean = raw(sums.mean(c), coordinates);
            double[] others = raw(sums.meanOfOthers(c), coordinates);
            weights[o] = VectorMath.plus(mean, -1, others);
            biases[o] = -0.5 * (VectorMath.dot(weights[o], mean) + VectorMath.dot(weights[o], others));
        }
        return coordinates.fromRaw(LinearModel.exact(weights, biases));
    }

    private static double[] raw(double[] z, Affine coordinates) {
        double[] x = new double[z.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = z[i] * coordinates.scale()[i] + coordinates.mean()[i];
        }
        return x;
    }
}
