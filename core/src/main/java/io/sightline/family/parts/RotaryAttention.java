package io.sightline.family.parts;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.nn.Args;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.AttentionModule;
import io.sightline.nn.AttentionSwitch;
import io.sightline.nn.DynamicCache;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;
import org.jspecify.annotations.Nullable;

/**
 * The self-attention of Llama-like models: separate projections, rotary positions, grouped key/value heads, norms on queries and keys where a
 * model has them. {@code hidden_states [batch, seq, hidden] → (same, probabilities [batch, heads, query, key] or None)}.
 */
public final class RotaryAttention extends Module implements AttentionModule {
    private final String className;
    private final int layer;
    private final int headDim;
    private final AttentionCore core;
    private final AttentionSwitch attentionSwitch;
    private final Linear qProj;
    private final Linear kProj;
    private final Linear vProj;
    private final Linear oProj;
    private final @Nullable RmsNorm qNorm;
    private final @Nullable RmsNorm kNorm;

    private RotaryAttention(Builder builder, AttentionKind kind) {
        DecoderShape shape = builder.shape;
        className = builder.className;
        layer = builder.layer;
        headDim = shape.headDim();
        core = builder.core != null
                ? builder.core
                : new AttentionCore(Math.pow(headDim, -0.5), AttentionCore.Direction.CAUSAL);
        attentionSwitch = new AttentionSwitch(kind);
        long queries = (long) shape.heads() * headDim;
        long keys = (long) shape.keyValueHeads() * headDim;
        qProj = child("q_proj", new Linear(shape.width(), queries, builder.inputBias));
        kProj = child("k_proj", new Linear(shape.width(), keys, builder.inputBias));
        vProj = child("v_proj", new Linear(shape.width(), keys, builder.inputBias));
        oProj = child("o_proj", new Linear(queries, shape.width(), builder.outputBias));
        qNorm = norm("q_norm", builder.normClass, shape);
        kNorm = norm("k_norm", builder.normClass, shape);
    }

    private @Nullable RmsNorm norm(String name, @Nullable String normClass, DecoderShape shape) {
        return normClass == null ? null : child(name, new RmsNorm(normClass, headDim, shape.epsilon()));
    }

    /** @param layer its number, which is its place in the cache */
    public static Builder of(String className, int layer, DecoderShape shape) {
        return new Builder(className, layer, shape);
    }

    /** What differs between the models that have this attention. */
    public static final class Builder {
        private final String className;
        private final int layer;
        private final DecoderShape shape;
        private Linear.Bias inputBias = Linear.Bias.WITHOUT;
        private Linear.Bias outputBias = Linear.Bias.WITHOUT;
        private @Nullable String normClass;
        private @Nullable AttentionCore core;

        private Builder(String className, int layer, DecoderShape shape) {
            this.className = className;
            this.layer = layer;
            this.shape = shape;
        }

        /** @param input of q_proj, k_proj and v_proj; {@code output} of o_proj */
        public Builder bias(Linear.Bias input, Linear.Bias output) {
            inputBias = input;
            outputBias = output;
            return this;
        }

        /** RMS norms, of that class name, on each head of queries and of keys before they are turned. */
        public Builder queryKeyNorm(String normClass) {
            this.normClass = normClass;
            return this;
        }

        /** Another scaling or capped scores. */
        public Builder core(AttentionCore core) {
            this.core = core;
            return this;
        }

        public RotaryAttention build(AttentionKind kind) {
            return new RotaryAttention(this, kind);
        }
    }

    @Override
    public AttentionSwitch attentionSwitch() {
        return attentionSwitch;
    }

    @Override
    protected Object forward(Args args) {
        Tensor hidden = args.tensor(0, "hidden_states");
        Tensor projectedQ = normed(qNorm, qProj.call(hidden));
        Tensor projectedK = normed(kNorm, kProj.call(hidden));
        Tensor projectedV = vProj.call(hidden);
        Tuple heads = RotaryHeads.rotate(projectedQ, projectedK, projectedV, args.get("position_embeddings"), headDim);
        Scope.discard(projectedQ);
        Scope.discard(projectedK);
        Tensor q = Outputs.tensor(heads, 0);
        Tensor k = Outputs.tensor(heads, 1);
        Tensor v = Outputs.tensor(heads, 2);
        if (args.get("past_key_values") instanceof DynamicCache cache) {
            Tuple all = cache.update(layer, k, v);
            k = Outputs.tensor(all, 0);
            v = Outputs.tensor(all, 1);
        }
        Tuple attended = core.attend(q, k, v, args.optionalTensor("attention_mask"), attentionSwitch);
        return attended.with(0, oProj.call(Outputs.tensor(attended, 0)));
    }

    private Tensor normed(@Nullable RmsNorm norm, Tensor projected) {
        if (norm == null) {
            return projected;
        }
        long[] shape = projected.shape();
        return norm.call(projected.reshape(shape[0], shape[1], -1, headDim));
    }

    @Override
    public String className() {
        return className;
    }
}
