package io.sightline.family.parts;

import io.sightline.engine.Tensor;
import io.sightline.nn.Args;
import io.sightline.nn.Embedding;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Token embeddings that are scaled as they are looked up (Gemma 3): ids {@code [batch, seq] → [batch, seq, hidden]}. */
public final class ScaledEmbedding extends Embedding {
    private final String className;
    private final UnaryOperator<Tensor> scale;

    public ScaledEmbedding(String className, long count, long dim, @Nullable Long paddingId, double factor) {
        super(count, dim, paddingId);
        this.className = className;
        this.scale = DecoderModel.scaledBy(factor);
    }

    @Override
    protected Tensor forward(Args args) {
        return scale.apply(super.forward(args));
    }

    @Override
    public String className() {
        return className;
    }
}
