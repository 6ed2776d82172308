package io.sightline.nn;

import io.sightline.engine.Tensor;

/** Called with an attention module's scores or probabilities {@code [batch, heads, query, key]}; what it gives goes on in their place. */
@FunctionalInterface
public interface AttentionHook {
    Tensor reached(Tensor value);
}
