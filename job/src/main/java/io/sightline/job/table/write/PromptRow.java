package io.sightline.job.table.write;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of the prompts table.
 *
 * @param text the prompt; null if it came as ids
 * @param inputIds ids as they went through the model, without padding; null if the model takes none
 * @param tokens each id's token as text; null without a tokenizer
 * @param tokenCount real tokens
 * @param kept the values of the {@code keep} columns, in their order, as {@code Row.get} gives them
 */
public record PromptRow(
        PromptRef prompt,
        @Nullable String text,
        int @Nullable [] inputIds,
        String @Nullable [] tokens,
        int tokenCount,
        List<? extends @Nullable Object> kept) {}
