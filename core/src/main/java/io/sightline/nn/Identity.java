package io.sightline.nn;

import org.jspecify.annotations.Nullable;

/** {@code torch.nn.Identity}. */
public final class Identity extends Module {
    @Override
    protected @Nullable Object forward(Args args) {
        return args.get(0, "input");
    }
}
