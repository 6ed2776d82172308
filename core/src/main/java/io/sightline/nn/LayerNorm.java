package io.sightline.nn;

import io.sightline.engine.Functional;
import io.sightline.engine.Tensor;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code torch.nn.LayerNorm} over the last dimensions, {@code [..., shape] → [..., shape]}. */
public final class LayerNorm extends Module {
    private final long[] shape;
    private final double eps;
    private final @Nullable Parameter weight;
    private final @Nullable Parameter bias;

    /** Which learned parts the norm has. */
    public enum Affine {
        WEIGHT_AND_BIAS,
        WEIGHT,
        NONE
    }

    public LayerNorm(long size, double eps) {
        this(new long[] {size}, eps, Affine.WEIGHT_AND_BIAS);
    }

    public LayerNorm(long[] shape, double eps, Affine affine) {
        this.shape = shape.clone();
        this.eps = eps;
        this.weight = affine == Affine.NONE ? null : parameter("weight", shape);
        this.bias = affine == Affine.WEIGHT_AND_BIAS ? parameter("bias", shape) : null;
    }

    @Override
    protected Tensor forward(Args args) {
        return Functional.layerNorm(
                args.tensor(),
                shape,
                weight == null ? null : weight.tensor(),
                bias == null ? null : bias.tensor(),
                eps);
    }

    @Override
    public String extraRepr() {
        String sizes = Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", "));
        return "(" + sizes + (shape.length == 1 ? ",)" : ")") + ", eps=" + Repr.number(eps) + ", elementwise_affine="
                + Repr.bool(weight != null) + ", bias=" + Repr.bool(bias != null);
    }
}
