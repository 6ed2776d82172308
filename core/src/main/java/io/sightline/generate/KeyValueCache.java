package io.sightline.generate;

/** Whether earlier tokens' keys and values are kept: it decides what a step's hooks see. */
public enum KeyValueCache {
    /** The first call takes the prompt, each later one a single token. */
    KEPT,
    /** Each call takes the whole sequence again. */
    NONE
}
