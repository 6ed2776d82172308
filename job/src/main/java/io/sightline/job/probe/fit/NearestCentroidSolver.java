package io.sightline.job.probe.fit;

import java.util.ArrayList;
import java.util.List;

/** Nearest class mean in the design's coordinates: {@code -|z - m|² / 2} without the part that all classes share, {@code m·z - |m|² / 2}. */
final class NearestCentroidSolver implements Solver {
    @Override
    public List<List<LinearModel>> fit(Training training) {
        List<List<LinearModel>> models = new ArrayList<>();
        for (int variant = 0; variant < training.targets().variants(); variant++) {
            ClassSums sums = training.classSums(variant);
            double[][] weights = new double[sums.classes()][];
            double[] biases = new double[sums.classes()];
            for (int c = 0; c < weights.length; c++) {
                weights[c] = sums.mean(c);
                biases[c] = -0.5 * VectorMath.dot(weights[c], weights[c]);
            }
            models.add(List.of(LinearModel.exact(weights, biases).asOutputs(training.targets())));
        }
        return models;
    }
}
