package io.sightline.interleave.function;

import org.jspecify.annotations.Nullable;

/** One thing that a graph may call. */
@FunctionalInterface
public interface Function {
    /**
     * Calls it. New tensors in the result belong to the current scope.
     *
     * @throws IllegalArgumentException or a TorchException where Python would raise
     */
    @Nullable
    Object call(CallArguments arguments);
}
