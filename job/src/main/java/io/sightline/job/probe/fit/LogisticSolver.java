package io.sightline.job.probe.fit;

import java.util.List;

/** Logistic regression of one training alone. */
final class LogisticSolver implements Solver {
    private final List<Double> cs;
    private final Stop stop;

    LogisticSolver(List<Double> cs, Stop stop) {
        this.cs = cs;
        this.stop = stop;
    }

    @Override
    public List<List<LinearModel>> fit(Training training) {
        return new LogisticBatch(List.of(training)).fit(cs, stop).get(0);
    }
}
