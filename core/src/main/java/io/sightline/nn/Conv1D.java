package io.sightline.nn;

import io.sightline.engine.Functional;
import io.sightline.engine.Tensor;

/**
 * GPT-2's linear layer (transformers {@code pytorch_utils.Conv1D}): {@code x·W + b}, {@code [..., nx] → [..., nf]}; weight
 * {@code [nx, nf]}, the other way round than {@link Linear}'s.
 */
public final class Conv1D extends Module {
    private final long nf;
    private final long nx;
    private final Parameter weight;
    private final Parameter bias;

    public Conv1D(long nf, long nx) {
        this.nf = nf;
        this.nx = nx;
        this.weight = parameter("weight", nx, nf);
        this.bias = parameter("bias", nf);
    }

    @Override
    protected Tensor forward(Args args) {
        return Functional.addmm(bias.tensor(), args.tensor(), weight.tensor());
    }

    @Override
    public String extraRepr() {
        return "nf=" + nf + ", nx=" + nx;
    }
}
