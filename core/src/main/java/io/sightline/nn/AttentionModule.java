package io.sightline.nn;

/** A module whose second output is its attention probabilities where it runs eagerly, and None where it does not. */
public interface AttentionModule {
    AttentionSwitch attentionSwitch();
}
