package io.sightline.job.config;

import java.io.Serializable;

/**
 * {@code batch}: how much goes through the model at once.
 *
 * @param maxTokens padded tokens over all invokes; a longer single prompt still runs, alone
 * @param maxSize prompts
 */
public record BatchLimits(int maxTokens, int maxSize) implements Serializable {}
