package io.sightline.nn;

import org.jspecify.annotations.Nullable;

/** Called before a module's forward. Tensors it returns must belong to the current scope. */
@FunctionalInterface
public interface ForwardPreHook {
    /** @return other arguments, or {@code null} to leave them as they are */
    @Nullable
    Args before(Module module, Args args);
}
