package io.sightline.family.parts;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import io.sightline.nn.Args;
import io.sightline.nn.Module;
import io.sightline.nn.Parameter;
import io.sightline.nn.Repr;

/** Root mean square norm over the last dimension, computed in float32: {@code [..., size] → same}. */
public final class RmsNorm extends Module {
    /** {@code weight·x̂}, rounded to x's dtype before the product (Llama). */
    private static final Kernel PLAIN = kernel("return torch.mul(weight, torch.to(y, ops.prim.dtype(x)))");
    /** {@code (1 + weight)·x̂}, rounded after the product (Gemma). */
    private static final Kernel ONE_PLUS =
            kernel("y = torch.mul(y, torch.add(torch.to(weight, 6), 1.0))", "return torch.to(y, ops.prim.dtype(x))");

    private final String className;
    private final long size;
    private final double eps;
    private final Kernel kernel;
    private final Parameter weight;

    /** {@code weight·x̂}, rounded after the product (OLMo 2). */
    private static final Kernel IN_FLOAT32 =
            kernel("return torch.to(torch.mul(torch.to(weight, 6), y), ops.prim.dtype(x))");

    /** How the learned weight scales. */
    public enum Scale {
        WEIGHT(PLAIN),
        WEIGHT_IN_FLOAT32(IN_FLOAT32),
        ONE_PLUS_WEIGHT(ONE_PLUS);

        private final Kernel kernel;

        Scale(Kernel kernel) {
            this.kernel = kernel;
        }
    }

    public RmsNorm(String className, long size, double eps) {
        this(className, size, eps, Scale.WEIGHT);
    }

    public RmsNorm(String className, long size, double eps, Scale scale) {
        this.className = className;
        this.size = size;
        this.eps = eps;
        this.kernel = scale.kernel;
        this.weight = parameter("weight", size);
    }

    private static Kernel kernel(String... end) {
        String[] body = new String[2 + end.length];
        body[0] = "y = torch.to(x, 6)";
        body[1] = "y = torch.mul(y, torch.rsqrt(torch.add(torch.mean(torch.mul(y, y), [-1], True), eps)))";
        System.arraycopy(end, 0, body, 2, end.length);
        return Kernel.define("rms norm", "x: Tensor, weight: Tensor, eps: float", "Tensor", body);
    }

    @Override
    protected Tensor forward(Args args) {
        return kernel.tensor(args.tensor(0, "hidden_states"), weight.tensor(), eps);
    }

    @Override
    public String className() {
        return className;
    }

    @Override
    public String extraRepr() {
        return "(" + size + ",), eps=" + Repr.number(eps);
    }
}
