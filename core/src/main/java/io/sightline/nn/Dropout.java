package io.sightline.nn;

import org.jspecify.annotations.Nullable;

/** {@code torch.nn.Dropout} as it is at inference: it gives its input back. It stands in the tree so that it can be hooked. */
public final class Dropout extends Module {
    private final double p;

    public Dropout(double p) {
        this.p = p;
    }

    @Override
    protected @Nullable Object forward(Args args) {
        return args.get(0, "input");
    }

    @Override
    public String extraRepr() {
        return "p=" + Repr.number(p) + ", inplace=False";
    }
}
