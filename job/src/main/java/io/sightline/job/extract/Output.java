package io.sightline.job.extract;

import io.sightline.engine.Device;
import io.sightline.interleave.Capture;
import io.sightline.interleave.Results;
import io.sightline.job.input.TokenizedPrompt;
import java.io.Serializable;
import java.util.Optional;

/**
 * One kind of rows that leaves each batch, with its shape known. It is taken while the model runs ({@link #capture}) or afterwards
 * ({@link #read}); everything else about running batches is the same for all outputs.
 */
public sealed interface Output extends Serializable permits ResolvedCapture, SavedValue {
    /** The text column whose tokens the rows stand for; -1 where they stand for several. */
    int invoke();

    /** Whether this prompt gives rows. */
    default boolean isWantedBy(TokenizedPrompt prompt) {
        return true;
    }

    /** Rows that {@code tokens} tokens give. */
    long rows(int tokens);

    /** Bytes of the numbers in these rows, uncompressed. */
    long bytes(int tokens);

    default long rows(TokenizedPrompt prompt) {
        return isWantedBy(prompt) ? rows(length(prompt)) : 0;
    }

    default long bytes(TokenizedPrompt prompt) {
        return isWantedBy(prompt) ? bytes(length(prompt)) : 0;
    }

    /** Tokens of the prompt in this output's column. Rows of several columns are padded together, to the longest. */
    default int length(TokenizedPrompt prompt) {
        return invoke() < 0 ? prompt.width() : prompt.ids()[invoke()].length;
    }

    /** Where to take this batch's rows during the forward pass, if anywhere. */
    default Optional<Capture> capture(BatchRows batch, Device device, OutputRows.Receiver receiver) {
        return Optional.empty();
    }

    /** Takes this batch's rows after the forward pass, if they come from the graph's results. */
    default void read(Results results, BatchRows batch, OutputRows.Receiver receiver) {}
}
