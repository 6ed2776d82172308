package io.sightline.job.extract;

import org.jspecify.annotations.Nullable;

/**
 * What came of one prompt.
 *
 * @param rows for each place of the request, its rows, {@code [rows][width]}; empty where there is a problem
 * @param problem why it could not go through the model; null if it did
 */
public record PromptVectors(float[][][] rows, @Nullable String problem) {
    public static PromptVectors failed(String problem) {
        return new PromptVectors(new float[0][][], problem);
    }
}
