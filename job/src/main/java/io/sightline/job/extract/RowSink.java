package io.sightline.job.extract;

import io.sightline.job.input.TokenizedPrompt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes what batches give. A batch that fails is undone and comes again in parts, so that between {@link #begin} and {@link #complete}
 * nothing counts.
 */
public interface RowSink {
    void begin(List<TokenizedPrompt> batch);

    /** Takes rows of the batch that began, and closes them when they are stored. */
    void take(OutputRows rows);

    /** The batch went through the model. */
    void complete(List<TokenizedPrompt> batch);

    /** Forgets everything since {@link #begin}. */
    void undo();

    /** A prompt that can't go through the model. */
    void fail(Failure failure);

    /**
     * Why a prompt gives no rows.
     *
     * @param ordinal the prompt's place in its chunk
     * @param stage {@code input}, {@code tokenize} or {@code forward}
     */
    record Failure(
            int ordinal,
            String id,
            String stage,
            String errorClass,
            @Nullable String message) {
        @Override
        public String toString() {
            return errorClass + ": " + message;
        }
    }
}
