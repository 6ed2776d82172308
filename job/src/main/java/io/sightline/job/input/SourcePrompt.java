package io.sightline.job.input;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of the source, as it was read.
 *
 * @param key the given id; without one the content's hash
 * @param texts one a text column; empty where ids are given
 * @param ids the token ids column's value as Spark read it: a sequence of numbers or strings, or a string
 * @param captured for each capture of the job, whether its {@code where} holds for this prompt
 * @param kept the {@code keep} columns' values, as Spark's external types
 * @param problem what is wrong with the row already, or null
 */
public record SourcePrompt(
        String key,
        List<@Nullable String> texts,
        @Nullable Object ids,
        boolean[] captured,
        @Nullable Object[] kept,
        @Nullable String problem)
        implements Serializable {}
