package io.sightline.nn;

import io.sightline.engine.Tuple;
import org.jspecify.annotations.Nullable;

/** nnsight's {@code WrapperModule}: gives its arguments back, so that a value that is not a module's output can be hooked as one. */
public final class WrapperModule extends Module {
    @Override
    protected @Nullable Object forward(Args args) {
        return args.positional().size() == 1 ? args.positional().get(0) : Tuple.copyOf(args.positional());
    }
}
