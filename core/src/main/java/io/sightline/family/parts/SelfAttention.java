package io.sightline.family.parts;

import io.sightline.engine.Kernel;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.family.parts.RotaryHeads.Rotation;
import io.sightline.nn.Args;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.AttentionModule;
import io.sightline.nn.AttentionSwitch;
import io.sightline.nn.DynamicCache;
import io.sightline.nn.Module;
import org.jspecify.annotations.Nullable;

/**
 * A decoder's self-attention: {@code hidden_states [batch, seq, hidden] → (same, probabilities [batch, heads, query, key] or None)}. What
 * differs between architectures (names and order of the projections, one fused projection, biases, norms on queries and keys, rotary
 * positions, dropouts) is a switch of {@link AttentionParts}; without any it is Llama's.
 */
public final class SelfAttention extends Module implements AttentionModule {
    /** A fused projection is {@code groups} runs of query heads, key heads, value heads. */
    private static final Kernel SPLIT = Kernel.define(
            "split q, k, v",
            "qkv: Tensor, groups: int, queries: int, keys: int, dim: int",
            "Tuple[Tensor, Tensor, Tensor]",
            "shape = [torch.size(qkv, 0), torch.size(qkv, 1), groups, queries + keys + keys, dim]",
            "heads = torch.reshape(qkv, shape)",
            "q = torch.flatten(torch.slice(heads, 3, 0, queries), 2, 3)",
            "k = torch.flatten(torch.slice(heads, 3, queries, queries + keys), 2, 3)",
            "v = torch.flatten(torch.slice(heads, 3, queries + keys, queries + keys + keys), 2, 3)",
            "return (q, k, v)");

    private static final Kernel HEADS = Kernel.define(
            "heads",
            "x: Tensor, dim: int",
            "Tensor",
            "return torch.transpose(torch.reshape(x, [torch.size(x, 0), torch.size(x, 1), -1, dim]), 1, 2)");

    private static final Kernel CLIP =
            Kernel.define("clip", "x: Tensor, most: float", "Tensor", "return torch.clamp(x, -most, most)");

    private final AttentionParts parts;
    private final int headDim;
    private final AttentionCore core;
    private final AttentionSwitch attentionSwitch;

    SelfAttention(AttentionParts parts, AttentionKind kind) {
        this.parts = parts;
        headDim = parts.shape.headDim();
        core = parts.core != null
                ? parts.core
                : new AttentionCore(Math.pow(headDim, -0.5), AttentionCore.Direction.CAUSAL);
        attentionSwitch = new AttentionSwitch(kind);
        parts.children.forEach(this::child);
    }

    @Override
    public AttentionSwitch attentionSwitch() {
        return attentionSwitch;
    }

    @Override
    protected Object forward(Args args) {
        Tensor hidden = args.tensor(0, "hidden_states");
        Tuple heads = heads(hidden, args.get("position_embeddings"));
        Tensor k = Outputs.tensor(heads, 1);
        Tensor v = Outputs.tensor(heads, 2);
        Object past = args.get("past_key_values") != null ? args.get("past_key_values") : args.get("layer_past");
        if (past instanceof DynamicCache cache) {
            Tuple all = cache.update(parts.layer, k, v);
            k = Outputs.tensor(all, 0);
            v = Outputs.tensor(all, 1);
        }
        boolean wanted = Boolean.TRUE.equals(args.get("output_attentions"));
        Tuple attended = core.attend(
                Outputs.tensor(heads, 0),
                k,
                v,
                args.optionalTensor("attention_mask"),
                attentionSwitch,
                wanted,
                parts.probabilitiesDropout);
        Tensor output = parts.projection('o').call(Outputs.tensor(attended, 0));
        if (parts.outputDropout != null) {
            output = parts.outputDropout.call(output);
        }
        boolean shown = !parts.hidesProbabilities || wanted || attentionSwitch.isForced();
        return Tuple.of(output, shown ? attended.get(1) : null);
    }

    /** {@code (q, k, v)}, each {@code [batch, heads, seq, head_dim]}. */
    private Tuple heads(Tensor hidden, @Nullable Object positionEmbeddings) {
        Tuple projected = projected(hidden);
        Tensor q = clipped(normed(parts.queryNorm, Outputs.tensor(projected, 0)));
        Tensor k = clipped(normed(parts.keyNorm, Outputs.tensor(projected, 1)));
        Tensor v = clipped(Outputs.tensor(projected, 2));
        if (parts.rotation == Rotation.NONE) {
            return Tuple.of(HEADS.tensor(q, headDim), HEADS.tensor(k, headDim), HEADS.tensor(v, headDim));
        }
        Tuple heads = RotaryHeads.rotate(q, k, v, positionEmbeddings, headDim, parts.rotation);
        Scope.discard(q);
        Scope.discard(k);
        return heads;
    }

    private Tuple projected(Tensor hidden) {
        if (parts.fused == null) {
            return Tuple.of(
                    parts.projection('q').call(hidden),
                    parts.projection('k').call(hidden),
                    parts.projection('v').call(hidden));
        }
        int groups = parts.groups;
        DecoderShape shape = parts.shape;
        return Outputs.tuple(SPLIT.call(
                parts.fused.call(hidden), groups, shape.heads() / groups, shape.keyValueHeads() / groups, headDim));
    }

    private Tensor clipped(Tensor projected) {
        return parts.clip > 0 ? CLIP.tensor(projected, parts.clip) : projected;
    }

    private Tensor normed(@Nullable Module norm, Tensor projected) {
        if (norm == null) {
            return projected;
        }
        long[] shape = projected.shape();
        return norm.call(parts.normsHeads ? projected.reshape(shape[0], shape[1], -1, headDim) : projected);
    }

    @Override
    public String className() {
        return parts.className;
    }
}
