package io.sightline.engine;

import org.jspecify.annotations.Nullable;

/** The functions of {@code torch.nn.functional} that every model spends its time in, by the shortest way into libtorch. */
public final class Functional {
    private static final Kernel ADDMM = Kernel.define(
            "addmm",
            "bias: Tensor, x: Tensor, weight: Tensor",
            "Tensor",
            "shape = torch.size(x)",
            "flat = torch.view(torch.contiguous(x), [-1, shape[-1]])",
            "y = torch.addmm(bias, flat, weight)",
            "return torch.view(y, torch.add(torch.slice(shape, 0, -1, 1), [torch.size(weight, 1)]))");

    // libtorch's own embedding and layer norm have no kernels for shapes without data.
    private static final Kernel META_EMBEDDING = Kernel.define(
            "embedding",
            "ids: Tensor, weight: Tensor",
            "Tensor",
            "return torch.new_empty(weight, torch.add(torch.size(ids), [torch.size(weight, 1)]))");

    /** Not empty_like, which autograd does not go through. */
    private static final Kernel META_LIKE =
            Kernel.define("layer norm", "x: Tensor", "Tensor", "return torch.mul(x, 1)");

    private Functional() {}

    /** {@code x·Wᵀ + b}: x {@code [..., in]}, weight {@code [out, in]}, bias {@code [out]} or null, to {@code [..., out]}. */
    public static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        return Tensor.adopt(Natives.linear(x.handle(), weight.handle(), optional(bias)));
    }

    /** {@code x·W + b}: x {@code [..., in]}, weight {@code [in, out]}, bias {@code [out]}, to {@code [..., out]}. */
    public static Tensor addmm(Tensor bias, Tensor x, Tensor weight) {
        return ADDMM.tensor(bias, x, weight);
    }

    /** Rows of {@code weight [count, dim]} by int64 ids {@code [...]}, to {@code [..., dim]}. */
    public static Tensor embedding(Tensor ids, Tensor weight) {
        return weight.isMeta()
                ? META_EMBEDDING.tensor(ids, weight)
                : Tensor.adopt(Natives.embedding(ids.handle(), weight.handle(), false));
    }

    /** Layer norm over the last dimensions, which have {@code shape}. */
    public static Tensor layerNorm(Tensor x, long[] shape, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
        if (x.isMeta()) {
            return META_LIKE.tensor(x);
        }
        return Tensor.adopt(Natives.layerNorm(x.handle(), shape, optional(weight), optional(bias), eps));
    }

    private static long optional(@Nullable Tensor tensor) {
        return tensor == null ? Natives.UNDEFINED : tensor.handle();
    }
}
