package io.sightline.family.parts;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import org.jspecify.annotations.Nullable;

/** Splits projections into heads and turns queries and keys by their positions (transformers {@code apply_rotary_pos_emb}). */
public final class RotaryHeads {
    private static final Kernel ROTATE = Kernel.define(
            "rotary heads",
            "q: Tensor, k: Tensor, v: Tensor, cos: Tensor, sin: Tensor, dim: int",
            "Tuple[Tensor, Tensor, Tensor]",
            "shape = [torch.size(q, 0), torch.size(q, 1), -1, dim]",
            "cos = torch.unsqueeze(cos, 2)",
            "sin = torch.unsqueeze(sin, 2)",
            "turned = torch.size(cos, -1)",
            "half = torch.floordiv(turned, 2)",
            "done = annotate(List[Tensor], [])",
            "for x in [q, k]:",
            "  heads = torch.reshape(x, shape)",
            "  part = torch.slice(heads, 3, 0, turned)",
            "  ahead = torch.slice(part, 3, 0, half)",
            "  behind = torch.slice(part, 3, half, turned)",
            "  other = torch.cat([torch.neg(behind), ahead], 3)",
            "  y = torch.add(torch.mul(part, cos), torch.mul(other, sin))",
            "  if turned < dim:",
            "    y = torch.cat([y, torch.slice(heads, 3, turned, dim)], 3)",
            "  done = torch.append(done, torch.transpose(y, 1, 2))",
            "values = torch.transpose(torch.reshape(v, shape), 1, 2)",
            "return (done[0], done[1], values)");

    private RotaryHeads() {}

    /**
     * @param q {@code [batch, seq, heads·head_dim]} or {@code [batch, seq, heads, head_dim]}; k and v alike with their number of heads
     * @param positionEmbeddings {@code (cos, sin)} of a {@link RotaryEmbedding}; they may be narrower than a head, whose rest stays as it is
     * @return {@code (q, k, v)}, each {@code [batch, heads, seq, head_dim]}
     */
    public static Tuple rotate(Tensor q, Tensor k, Tensor v, @Nullable Object positionEmbeddings, int headDim) {
        Tensor cos = Outputs.tensor(positionEmbeddings, 0);
        Tensor sin = Outputs.tensor(positionEmbeddings, 1);
        return Outputs.tuple(ROTATE.call(q, k, v, cos, sin, headDim));
    }
}
