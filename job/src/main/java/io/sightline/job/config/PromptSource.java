package io.sightline.job.config;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code prompts}: where they come from and which columns matter.
 *
 * @param format a Spark reader's name, {@code table} or {@code sql}
 * @param location the path, the table's name or the query
 * @param options the reader's own
 * @param text the text columns, one invoke each; empty where {@code inputIds} is given
 * @param inputIds the column of token ids, or null
 * @param id the column that names a prompt, or null
 * @param keep columns carried into the prompts table
 * @param prependBos {@code auto}: as the tokenizer does; {@code true}: exactly one; {@code false}: none
 * @param maxLength tokens a prompt may have; null is what the model has positions for
 */
public record PromptSource(
        String format,
        String location,
        Map<String, String> options,
        List<String> text,
        @Nullable String inputIds,
        @Nullable String id,
        List<String> keep,
        String prependBos,
        @Nullable Integer maxLength,
        TooLong tooLong)
        implements Serializable {
    /** What becomes of a prompt of more than {@code maxLength} tokens. */
    public enum TooLong {
        ERROR,
        TRUNCATE_LEFT,
        TRUNCATE_RIGHT
    }

    public PromptSource {
        options = Map.copyOf(options);
        text = List.copyOf(text);
        keep = List.copyOf(keep);
    }

    /** How many invokes a batch has: one a text column. */
    public int invokes() {
        return Math.max(1, text.size());
    }
}
