package io.sightline.family.parts;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import io.sightline.nn.AttentionKind;

/** A base model whose token embeddings are multiplied by {@code √hidden_size}, rounded to their dtype first (Gemma). */
public class ScaledEmbeddingModel extends DecoderModel {
    private static final Kernel SCALE = Kernel.define(
            "scale embeddings",
            "x: Tensor, factor: float",
            "Tensor",
            "f = torch.tensor(factor, dtype=ops.prim.dtype(x), device=ops.prim.device(x))",
            "return torch.mul(x, f)");

    private final double factor;

    public ScaledEmbeddingModel(String className, DecoderModel.Parts parts, AttentionKind attention, int width) {
        super(className, parts, attention);
        this.factor = Math.sqrt(width);
    }

    @Override
    protected Tensor scaledEmbeddings(Tensor embeddings) {
        return SCALE.tensor(embeddings, factor);
    }
}
