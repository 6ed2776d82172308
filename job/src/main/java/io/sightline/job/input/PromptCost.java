package io.sightline.job.input;

/** What a prompt costs, by what is known before a run. Chunks are sized by it. */
public interface PromptCost {
    /** Bytes that are written for a prompt with {@code tokens} tokens over all text columns. */
    long bytes(int tokens);

    /** Its time on one slow CPU core. */
    double seconds(int tokens);
}
