package io.sightline.nn;

/** A language model whose cached keys and values go stale when the sequence outgrows some length. */
public interface RecomputesCache {
    /**
     * Whether what is cached must be computed anew before the model's next call.
     *
     * @param cached how many tokens are cached
     * @param length how many tokens the sequence has now, those not cached yet included
     */
    boolean mustRecompute(long cached, long length);
}
