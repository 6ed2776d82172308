package io.sightline.job.table.write;

import org.jspecify.annotations.Nullable;

/**
 * A row of the errors table.
 *
 * @param stage what was being done: {@code tokenize}, {@code forward}, …
 * @param errorClass the exception's class
 * @param message its message
 */
public record ErrorRow(
        PromptRef prompt,
        String stage,
        String errorClass,
        @Nullable String message) {

    /** {@code failure}, which befell {@code prompt} in {@code stage}. */
    public static ErrorRow of(PromptRef prompt, String stage, Throwable failure) {
        return new ErrorRow(prompt, stage, failure.getClass().getName(), failure.getMessage());
    }
}
