package io.sightline.job.probe.fit;

import java.io.Serializable;
import java.util.List;

/** Finds the linear functions of one kind of probe. */
public interface Solver {
    /**
     * Fits every strength of regularisation for one variant of the targets or all of them.
     *
     * @return models in the design's coordinates by variant and strength, {@code [variants][strengths]}
     * @throws FitException if these rows cannot be fitted in this way
     */
    List<List<LinearModel>> fit(Training training);

    /**
     * The solver of a kind.
     *
     * @param strengths the regularisation strengths to fit; ignored where the kind has none
     * @param stop when an iterative solver stops
     */
    static Solver of(Kind kind, List<Double> strengths, Stop stop) {
        return switch (kind) {
            case LOGISTIC -> new LogisticSolver(strengths, stop);
            case RIDGE -> new RidgeSolver(strengths);
            case MEAN_DIFFERENCE -> new MeanDifferenceSolver();
            case NEAREST_CENTROID -> new NearestCentroidSolver();
            case LDA -> new DiscriminantSolver(strengths);
        };
    }

    /**
     * When an iterative solver stops.
     *
     * @param tolerance the length of the next step, relative to the parameters' own, at which a fit counts as converged
     * @param mostIterations the limit that ends a fit that has not converged
     */
    record Stop(double tolerance, int mostIterations) implements Serializable {}
}
