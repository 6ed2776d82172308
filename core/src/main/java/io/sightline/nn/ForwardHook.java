package io.sightline.nn;

import org.jspecify.annotations.Nullable;

/** Called after a module's forward. Tensors it returns must belong to the current scope. */
@FunctionalInterface
public interface ForwardHook {
    /** @return the output to go on with: {@code output} itself, or another in its place */
    @Nullable
    Object after(Module module, Args args, @Nullable Object output);
}
