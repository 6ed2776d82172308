package io.sightline.interleave;

import org.jspecify.annotations.Nullable;

/** A place that the model has reached, or a gradient: its value may be set now, and not when it is left. */
final class OpenPlace {
    /** The Intervention or Grad node that shows the place's value. */
    final int node;

    /** The place that was open when this one was reached, if any. */
    final @Nullable OpenPlace outer;

    /** The Swap node whose value the place takes, if any: the last one. */
    @Nullable
    Integer swap;

    OpenPlace(int node, @Nullable OpenPlace outer) {
        this.node = node;
        this.outer = outer;
    }
}
