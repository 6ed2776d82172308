package io.sightline.job.input;

import org.jspecify.annotations.Nullable;

/**
 * A prompt ready for the model.
 *
 * @param ordinal its place in its chunk, by id
 * @param id what the tables call it
 * @param text the last text column's value; null where ids were given
 * @param ids token ids, one row an invoke
 * @param tokens the tokens' spellings, one row an invoke; null where the checkpoint has no tokenizer
 * @param captured for each capture of the job, whether it wants this prompt
 * @param kept the {@code keep} columns' values
 */
public record TokenizedPrompt(
        int ordinal,
        String id,
        @Nullable String text,
        long[][] ids,
        String @Nullable [][] tokens,
        boolean[] captured,
        @Nullable Object[] kept) {
    /** Tokens of the longest invoke: what the prompt is padded to when it runs alone. */
    public int width() {
        int width = 0;
        for (long[] row : ids) {
            width = Math.max(width, row.length);
        }
        return width;
    }

    /** Real tokens over all invokes. */
    public int tokenCount() {
        int count = 0;
        for (long[] row : ids) {
            count += row.length;
        }
        return count;
    }
}
