package io.sightline.nn;

import io.sightline.engine.Functional;
import io.sightline.engine.Tensor;
import org.jspecify.annotations.Nullable;

/** {@code torch.nn.Embedding}: ids int64 {@code [...]} to rows {@code [..., dim]} of its weight {@code [count, dim]}. */
public class Embedding extends Module {
    private final long count;
    private final long dim;
    private final @Nullable Long paddingIdx;
    private final Parameter weight;

    public Embedding(long count, long dim) {
        this(count, dim, null);
    }

    /** @param paddingIdx shown in the repr; it changes nothing in a forward pass */
    public Embedding(long count, long dim, @Nullable Long paddingIdx) {
        this.count = count;
        this.dim = dim;
        this.paddingIdx = paddingIdx;
        this.weight = parameter("weight", count, dim);
    }

    public final Parameter weight() {
        return weight;
    }

    @Override
    protected Tensor forward(Args args) {
        return Functional.embedding(args.tensor(), weight.tensor());
    }

    @Override
    public String extraRepr() {
        return count + ", " + dim + (paddingIdx == null ? "" : ", padding_idx=" + paddingIdx);
    }
}
