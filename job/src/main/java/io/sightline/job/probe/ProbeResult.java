package io.sightline.job.probe;

import io.sightline.job.probe.fit.Kind;
import io.sightline.job.probe.fit.LinearModel;
import io.sightline.job.probe.measure.Bootstrap;
import io.sightline.job.probe.measure.Metrics;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One probe: what it was trained on and the result.
 *
 * @param message why there is no fit, or what to know about it; empty if there is nothing to say
 * @param fit {@code null} unless the status is {@code OK}
 */
record ProbeResult(
        Subject subject,
        Status status,
        String message,
        @Nullable Fit fit) implements Serializable {
    enum Status {
        /** Trained and measured. */
        OK,
        /** These rows or labels cannot be probed in this way; the message says why. */
        REFUSED,
        /** An unexpected exception. */
        FAILED
    }

    /** What is probed: one point of the grid. */
    record Subject(Cell cell, Pooling pooling, String label, Task task, Kind kind, boolean standardize)
            implements Serializable {
        /** A name that is unique in one output. */
        String id() {
            return String.join(
                            "/",
                            cell.runName(),
                            cell.name(),
                            cell.module() + "." + cell.io(),
                            pooling.toString(),
                            label,
                            kind.toString())
                    + (standardize ? "" : "/raw");
        }
    }

    /**
     * @param classes the classes in the order of the model's outputs; of two, the second is the positive one
     * @param model in the raw activation space
     * @param rows rows trained, validated and tested on
     * @param validation the score that regularisation was chosen by; NaN where there was nothing to choose
     * @param train the metrics on the rows trained on
     * @param majority accuracy (for numbers, R²) of always saying the most frequent training class (the training mean)
     * @param control the metrics of the same kind of probe trained and tested on shuffled labels; NaN without control task
     */
    record Fit(
            List<String> classes,
            LinearModel model,
            Counts rows,
            double validation,
            Metrics train,
            Metrics test,
            Bootstrap.Intervals intervals,
            double majority,
            Metrics control,
            boolean distributed,
            double seconds)
            implements Serializable {}

    record Counts(long train, long validation, long test) implements Serializable {}

    static ProbeResult refused(Subject subject, String why) {
        return new ProbeResult(subject, Status.REFUSED, why, null);
    }

    static ProbeResult failed(Subject subject, String why) {
        return new ProbeResult(subject, Status.FAILED, why, null);
    }
}
