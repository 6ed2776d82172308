package io.sightline.job.probe;

import io.sightline.job.probe.fit.Kind;
import io.sightline.job.probe.fit.Solver;
import io.sightline.job.probe.measure.Bootstrap;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** What of a probe file matters where probes are trained; goes to every task. */
record TrainingPlan(
        ArrayList<Pooling> poolings,
        ArrayList<Kind> kinds,
        ArrayList<Boolean> standardize,
        int folds,
        ProbeFile.Strengths strengths,
        Bootstrap bootstrap,
        Solver.Stop stop,
        String device)
        implements Serializable {
    static TrainingPlan of(ProbeFile file) {
        return new TrainingPlan(
                new ArrayList<>(file.poolings()),
                new ArrayList<>(file.kinds()),
                new ArrayList<>(file.standardize()),
                file.split().folds(),
                new ProbeFile.Strengths(
                        new ArrayList<>(file.strengths().c()),
                        new ArrayList<>(file.strengths().alpha()),
                        new ArrayList<>(file.strengths().shrinkage())),
                file.bootstrap(),
                file.fitting().stop(),
                file.fitting().device());
    }

    /** The kinds to train for a label; without a choice, the usual one for its task. */
    List<Kind> kindsFor(Label label) {
        return kinds.isEmpty() ? List.of(label.isRegression() ? Kind.RIDGE : Kind.LOGISTIC) : kinds;
    }

    /** The points of the grid that one label has in one data set. */
    List<ProbeResult.Subject> subjects(Cell cell, Pooling pooling, Label label) {
        List<ProbeResult.Subject> subjects = new ArrayList<>();
        for (boolean scaled : standardize) {
            for (Kind kind : kindsFor(label)) {
                subjects.add(new ProbeResult.Subject(cell, pooling, label.name(), label.task(), kind, scaled));
            }
        }
        return subjects;
    }

    /** All points of the grid in one cell. */
    List<ProbeResult.Subject> subjects(Cell cell, RunLabels labels) {
        List<ProbeResult.Subject> subjects = new ArrayList<>();
        for (Pooling pooling : poolings) {
            labels.labels().forEach(label -> subjects.addAll(subjects(cell, pooling, label)));
        }
        return subjects;
    }
}
