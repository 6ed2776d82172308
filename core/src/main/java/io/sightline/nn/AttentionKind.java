package io.sightline.nn;

/** transformers' {@code attn_implementation}. */
public enum AttentionKind {
    EAGER,
    SDPA
}
