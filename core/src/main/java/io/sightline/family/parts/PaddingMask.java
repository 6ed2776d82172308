package io.sightline.family.parts;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import io.sightline.nn.AttentionKind;
import org.jspecify.annotations.Nullable;

/**
 * The mask of an encoder, which looks in both directions and at no pad, added to the scores: {@code [batch, 1, 1, key]}, and {@code [batch, 1,
 * query, key]} for scaled-dot-product attention, as transformers has them.
 */
public final class PaddingMask {
    private static final Kernel MASK = Kernel.define(
            "padding mask",
            "mask: Tensor, like: Tensor, lowest: float",
            "Tensor",
            "pads = torch.eq(torch.view(mask, [torch.size(mask, 0), 1, 1, -1]), 0)",
            "zeros = torch.zeros_like(pads, dtype=ops.prim.dtype(like))",
            "return torch.masked_fill(zeros, pads, lowest)");

    /** With a row for each query torch takes the same kernel as without a mask, and so rounds alike. Each query's can be edited by itself. */
    private static final Kernel FOR_EACH_QUERY = Kernel.define(
            "padding mask of queries",
            "mask: Tensor, like: Tensor",
            "Tensor",
            "return torch.clone(torch.expand(mask, [-1, -1, torch.size(like, 1), -1]), memory_format=0)");

    private PaddingMask() {}

    /**
     * @param attentionMask {@code [batch, key]}, 0 at pads, or null where nothing is padded
     * @param hidden gives the dtype
     * @return null where scaled-dot-product attention needs none
     */
    public static @Nullable Tensor of(@Nullable Tensor attentionMask, Tensor hidden, AttentionKind kind) {
        if (attentionMask == null) {
            return null;
        }
        if (kind == AttentionKind.SDPA && !CausalMask.isPadded(attentionMask)) {
            return null;
        }
        Tensor mask = MASK.tensor(attentionMask, hidden, CausalMask.lowest(hidden.dtype()));
        return kind == AttentionKind.SDPA ? FOR_EACH_QUERY.tensor(mask, hidden) : mask;
    }
}
