package io.sightline.job.probe.fit;

import java.io.Serializable;

/**
 * What a probe predicts: one class or one number per prompt, in one or more variants that are fitted side by side (the real labels and
 * the shuffled ones of the control task).
 *
 * @param classes how many classes, at least 2; 0 for regression
 * @param classOfPrompt class by variant and prompt, {@code [variants][prompts]}, -1 where there is none; empty for regression
 * @param valueOfPrompt number by variant and prompt; empty for classes
 */
@SuppressWarnings("ArrayRecordComponent")
public record Targets(int classes, int[][] classOfPrompt, double[][] valueOfPrompt) implements Serializable {
    public static Targets ofClasses(int classes, int[]... classOfPrompt) {
        return new Targets(classes, classOfPrompt, new double[0][]);
    }

    public static Targets ofNumbers(double[]... valueOfPrompt) {
        return new Targets(0, new int[0][], valueOfPrompt);
    }

    public Targets {
        if (classes == 1 || classes < 0) {
            throw new IllegalArgumentException("a probe needs at least 2 classes, or 0 for regression, not " + classes);
        }
    }

    public boolean isRegression() {
        return classes == 0;
    }

    public int variants() {
        return isRegression() ? valueOfPrompt.length : classOfPrompt.length;
    }

    /** How many linear functions a probe has: one for a number or two classes, else one a class. */
    public int outputs() {
        return classes <= 2 ? 1 : classes;
    }
}
