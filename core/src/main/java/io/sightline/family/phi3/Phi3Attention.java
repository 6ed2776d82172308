package io.sightline.family.phi3;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.family.parts.AttentionCore;
import io.sightline.family.parts.DecoderShape;
import io.sightline.family.parts.Outputs;
import io.sightline.family.parts.RotaryHeads;
import io.sightline.nn.Args;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.AttentionModule;
import io.sightline.nn.AttentionSwitch;
import io.sightline.nn.DynamicCache;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;

/**
 * Self-attention with one projection for queries, keys and values, {@code [batch, seq, hidden] → (same, probabilities [batch, heads, query,
 * key] or None)}.
 */
final class Phi3Attention extends Module implements AttentionModule {
    /** All queries, then all keys, then all values. */
    private static final Kernel SPLIT = Kernel.define(
            "split q, k, v",
            "qkv: Tensor, queries: int, keys: int",
            "Tuple[Tensor, Tensor, Tensor]",
            "q = torch.slice(qkv, -1, 0, queries)",
            "k = torch.slice(qkv, -1, queries, queries + keys)",
            "v = torch.slice(qkv, -1, queries + keys, queries + keys + keys)",
            "return (q, k, v)");

    private final int layer;
    private final int headDim;
    private final long queries;
    private final long keys;
    private final AttentionCore core;
    private final AttentionSwitch attentionSwitch;
    private final Linear oProj;
    private final Linear qkvProj;

    Phi3Attention(DecoderShape shape, int layer, AttentionKind kind) {
        this.layer = layer;
        headDim = shape.headDim();
        queries = (long) shape.heads() * headDim;
        keys = (long) shape.keyValueHeads() * headDim;
        core = new AttentionCore(Math.pow(headDim, -0.5), AttentionCore.Direction.CAUSAL);
        attentionSwitch = new AttentionSwitch(kind);
        oProj = child("o_proj", new Linear(queries, shape.width(), Linear.Bias.WITHOUT));
        qkvProj = child("qkv_proj", new Linear(shape.width(), queries + 2 * keys, Linear.Bias.WITHOUT));
    }

    @Override
    public AttentionSwitch attentionSwitch() {
        return attentionSwitch;
    }

    @Override
    protected Object forward(Args args) {
        Tuple parts = Outputs.tuple(SPLIT.call(qkvProj.call(args.tensor(0, "hidden_states")), queries, keys));
        Tuple heads = RotaryHeads.rotate(
                Outputs.tensor(parts, 0),
                Outputs.tensor(parts, 1),
                Outputs.tensor(parts, 2),
                args.get("position_embeddings"),
                headDim);
        Tensor k = Outputs.tensor(heads, 1);
        Tensor v = Outputs.tensor(heads, 2);
        if (args.get("past_key_values") instanceof DynamicCache cache) {
            Tuple all = cache.update(layer, k, v);
            k = Outputs.tensor(all, 0);
            v = Outputs.tensor(all, 1);
        }
        Tuple attended =
                core.attend(Outputs.tensor(heads, 0), k, v, args.optionalTensor("attention_mask"), attentionSwitch);
        return attended.with(0, oProj.call(Outputs.tensor(attended, 0)));
    }
}
