package io.sightline.family.parts;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import io.sightline.nn.Args;
import io.sightline.nn.Module;
import io.sightline.nn.Parameter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A layer norm over the last dimension, computed in float32, with a weight and no bias, or with neither: {@code [..., size] → same}. */
public final class CenteredNorm extends Module {
    private static final Kernel NORM = Kernel.define(
            "centered norm",
            "x: Tensor, weights: List[Tensor], eps: float",
            "Tensor",
            "y = torch.layer_norm(torch.to(x, 6), [torch.size(x, -1)], None, None, eps)",
            "for weight in weights:",
            "  y = torch.mul(torch.to(weight, 6), y)",
            "return torch.to(y, ops.prim.dtype(x))");

    private final String className;
    private final double eps;
    private final @Nullable Parameter weight;

    /** @param weight its shape, of which the last is the size; none for a norm without weight */
    public CenteredNorm(String className, double eps, long... weight) {
        this.className = className;
        this.eps = eps;
        this.weight = weight.length == 0 ? null : parameter("weight", weight);
    }

    @Override
    protected Tensor forward(Args args) {
        return NORM.tensor(args.tensor(0, "hidden_states"), weight == null ? List.of() : List.of(weight.tensor()), eps);
    }

    @Override
    public String className() {
        return className;
    }
}
