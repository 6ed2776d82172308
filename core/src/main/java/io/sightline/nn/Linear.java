package io.sightline.nn;

import io.sightline.engine.Functional;
import io.sightline.engine.Tensor;
import org.jspecify.annotations.Nullable;

/** {@code torch.nn.Linear}: {@code x·Wᵀ + b}, {@code [..., in] → [..., out]}; weight {@code [out, in]}, bias {@code [out]}. */
public class Linear extends Module {
    private final long in;
    private final long out;
    private final Parameter weight;
    private final @Nullable Parameter bias;

    /** What of the affine map a layer has. */
    public enum Bias {
        WITH,
        WITHOUT;

        public static Bias of(boolean present) {
            return present ? WITH : WITHOUT;
        }
    }

    public Linear(long in, long out, Bias bias) {
        this.in = in;
        this.out = out;
        this.weight = parameter("weight", out, in);
        this.bias = bias == Bias.WITH ? parameter("bias", out) : null;
    }

    public final Parameter weight() {
        return weight;
    }

    @Override
    protected Tensor forward(Args args) {
        return Functional.linear(args.tensor(), weight.tensor(), bias == null ? null : bias.tensor());
    }

    @Override
    public String extraRepr() {
        return "in_features=" + in + ", out_features=" + out + ", bias=" + Repr.bool(bias != null);
    }
}
