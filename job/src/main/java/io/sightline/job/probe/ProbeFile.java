package io.sightline.job.probe;

import io.sightline.job.config.ModulePattern;
import io.sightline.job.probe.fit.Kind;
import io.sightline.job.probe.fit.Solver;
import io.sightline.job.probe.measure.Bootstrap;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A probe file: what to train on which tables. {@link ProbeFileReader} reads it; {@code docs/PROBES.md} documents keys and defaults.
 *
 * @param yaml the text it was read from
 * @param runs run directories by name, in order
 * @param output the directory to write
 * @param captures which captures; empty for all
 * @param poolings at least one
 * @param labels at least one
 * @param kinds kinds of probe; empty for logistic regression on classes and ridge on numbers
 * @param standardize whether features are scaled to unit variance; both values train both
 * @param bootstrap how intervals are found; its seed is the file's
 */
public record ProbeFile(
        String yaml,
        Map<String, String> runs,
        String output,
        List<CaptureFilter> captures,
        List<Pooling> poolings,
        List<LabelRequest> labels,
        List<Kind> kinds,
        List<Boolean> standardize,
        SplitRequest split,
        Strengths strengths,
        Control control,
        Bootstrap bootstrap,
        Fitting fitting) {

    /**
     * Rows of the activations table to probe.
     *
     * @param name the capture's name, or {@code null} for any
     * @param modules which modules, or {@code null} for any
     * @param layers which layers; empty for any
     */
    public record CaptureFilter(
            @Nullable String name, @Nullable ModulePattern modules, List<Integer> layers) {}

    /**
     * A column of the prompts table to predict.
     *
     * @param name what the probes' rows call it
     * @param where SQL over the prompts table; prompts for which it is not true are left out
     */
    public record LabelRequest(
            String name, String column, Task task, @Nullable String where) {}

    /**
     * How prompts are divided.
     *
     * @param validation share of prompts that regularisation is chosen on, unless there are folds
     * @param test share of prompts that metrics are taken on
     * @param folds how many folds the prompts that are not tested on are divided into to choose regularisation; 0 for none
     */
    public record SplitRequest(double validation, double test, int folds, long seed) {
        public double train() {
            return 1 - validation - test;
        }
    }

    /** The regularisation strengths to choose from, by the name that kinds call theirs; strongest first. */
    public record Strengths(List<Double> c, List<Double> alpha, List<Double> shrinkage) implements Serializable {
        /** The strengths of a kind; one NaN for a kind without. */
        List<Double> of(Kind kind) {
            return switch (kind) {
                case LOGISTIC -> c;
                case RIDGE -> alpha;
                case LDA -> shrinkage;
                case MEAN_DIFFERENCE, NEAREST_CENTROID -> List.of(Double.NaN);
            };
        }
    }

    /** Whether each probe is also trained on shuffled labels. */
    public enum Control {
        SHUFFLED_LABELS,
        NONE
    }

    /**
     * Where and how far fits go.
     *
     * @param device {@code auto}, {@code cpu}, {@code cuda}
     * @param localLimitMegabytes a data set larger than this (float32) is fitted where it lies, by sums over the cluster
     */
    public record Fitting(String device, int localLimitMegabytes, Solver.Stop stop) {}
}
