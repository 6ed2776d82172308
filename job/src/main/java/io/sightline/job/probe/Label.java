package io.sightline.job.probe;

import io.sightline.job.probe.fit.Part;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One label of one run, by prompt: what it is and what each prompt is used for. All arrays are indexed by the run's prompt numbers.
 *
 * @param classes the classes in order, empty for regression; of two, the second is the positive one
 * @param classOfPrompt -1 where there is none; empty for regression
 * @param valueOfPrompt NaN where there is none; empty for classes
 * @param split what each prompt is used for
 * @param control the shuffled labels, as {@code classOfPrompt} or {@code valueOfPrompt}; {@code null} without a control task
 * @param refusal why no probe can be trained on it, or {@code null}
 */
@SuppressWarnings("ArrayRecordComponent")
record Label(
        String name,
        Task task,
        List<String> classes,
        int[] classOfPrompt,
        double[] valueOfPrompt,
        Split split,
        @Nullable Shuffled control,
        @Nullable String refusal)
        implements Serializable {

    /**
     * @param parts {@link Part} codes
     * @param folds fold of each prompt that is not tested on, from 0; -1 for the others; all -1 without folds
     */
    record Split(byte[] parts, int[] folds) implements Serializable {
        Part partOf(int prompt) {
            return Part.of(parts[prompt]);
        }
    }

    /** Labels that were shuffled among the prompts of a part. */
    record Shuffled(int[] classOfPrompt, double[] valueOfPrompt) implements Serializable {}

    boolean isRegression() {
        return task == Task.REGRESSION;
    }

    /** A label that no probe can be trained on. */
    static Label refused(String name, Task task, int prompts, String why) {
        Split nothing = new Split(new byte[prompts], new int[prompts]);
        return new Label(name, task, List.of(), new int[0], new double[0], nothing, null, why);
    }
}
