package io.sightline.nn;

import io.sightline.engine.Functional;
import io.sightline.engine.PackedWeight;
import io.sightline.engine.Tensor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * GPT-2's linear layer (transformers {@code pytorch_utils.Conv1D}): {@code x·W + b}, {@code [..., nx] → [..., nf]}; weight
 * {@code [nx, nf]}, the other way round than {@link Linear}'s.
 */
public final class Conv1D extends Affine {
    private final long nf;
    private final long nx;

    public Conv1D(long nf, long nx) {
        super(PackedWeight.Layout.IN_OUT, nx, nf, nf);
        this.nf = nf;
        this.nx = nx;
    }

    @Override
    Tensor multiply(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return Functional.addmm(Objects.requireNonNull(bias), x, weight);
    }

    @Override
    public String extraRepr() {
        return "nf=" + nf + ", nx=" + nx;
    }
}
