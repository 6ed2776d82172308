package io.sightline.generate;

/** How the next token is taken from the scores. */
public enum Selection {
    /** The highest score. */
    GREEDY,
    /** By chance, weighted by the scores after {@link Sampling}'s warpers ({@code do_sample=True}). */
    SAMPLED
}
