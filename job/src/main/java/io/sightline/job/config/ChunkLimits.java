package io.sightline.job.config;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * {@code chunk}: the unit of commit and of resume.
 *
 * @param rows prompts at most; null chooses by their number, see {@code ChunkPlanner}
 * @param tokens about this many tokens at most, by an estimate from the text's length
 */
public record ChunkLimits(@Nullable Integer rows, int tokens) implements Serializable {}
