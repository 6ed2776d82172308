package io.sightline.job.config;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * {@code chunk}: the unit of commit and of resume.
 *
 * @param rows prompts at most; null chooses by what is written, see {@code ChunkSize}
 * @param tokens about this many tokens at most, by an estimate from the text's length; null is 65,536 where {@code rows} is given, and
 *     else no limit
 */
public record ChunkLimits(@Nullable Integer rows, @Nullable Integer tokens) implements Serializable {}
