package io.sightline.job.extract;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;

/** What captures compute on the device before they copy. */
public final class Reductions {
    /** Pads are left out by selection, not by a factor of 0: whatever a model computes there, NaN included, stays out. */
    private static final Kernel MEAN = Kernel.define(
            "mean over real tokens",
            "x: Tensor, mask: Tensor",
            "Tensor",
            "real = torch.unsqueeze(mask, 2)",
            "kept = torch.where(real, torch.to(x, 6), torch.zeros([1], dtype=6, device=ops.prim.device(x)))",
            "return torch.div(torch.sum(kept, [1]), torch.to(torch.sum(real, [1]), 6))");

    private Reductions() {}

    /**
     * The mean over each row's real tokens, in float32.
     *
     * @param x {@code [batch, seq, width]}
     * @param mask {@code [batch, seq]}, bool
     * @return {@code [batch, width]}
     */
    public static Tensor mean(Tensor x, Tensor mask) {
        return MEAN.tensor(x, mask);
    }
}
