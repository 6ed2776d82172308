package io.sightline.nn;

import io.sightline.engine.Functional;
import io.sightline.engine.PackedWeight;
import io.sightline.engine.Tensor;
import org.jspecify.annotations.Nullable;

/** {@code torch.nn.Linear}: {@code x·Wᵀ + b}, {@code [..., in] → [..., out]}; weight {@code [out, in]}, bias {@code [out]}. */
public class Linear extends Affine {
    private final long in;
    private final long out;

    /** What of the affine map a layer has. */
    public enum Bias {
        WITH,
        WITHOUT;

        public static Bias of(boolean present) {
            return present ? WITH : WITHOUT;
        }
    }

    public Linear(long in, long out, Bias bias) {
        super(PackedWeight.Layout.OUT_IN, out, in, bias == Bias.WITH ? out : null);
        this.in = in;
        this.out = out;
    }

    @Override
    final Tensor multiply(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return Functional.linear(x, weight, bias);
    }

    @Override
    public String extraRepr() {
        return "in_features=" + in + ", out_features=" + out + ", bias=" + Repr.bool(bias() != null);
    }
}
