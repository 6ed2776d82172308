package io.sightline.interleave;

import io.sightline.engine.Tensor;
import io.sightline.engine.Torch;

/** A Grad node that waits for the gradient of {@code tensor}, after {@code skip} passes that reach it. */
final class GradientTap {
    final Execution execution;
    final int node;
    final Tensor tensor;
    final long arrival;
    int skip;

    /** @param tensor a handle of the tap's own: the node whose value it is may be let go during the pass */
    GradientTap(Execution execution, int node, Tensor tensor, int skip, long arrival) {
        this.execution = execution;
        this.node = node;
        this.tensor = tensor;
        this.skip = skip;
        this.arrival = arrival;
    }

    boolean isOfSameTensor(GradientTap other) {
        return Torch.isSame(tensor, other.tensor);
    }
}
