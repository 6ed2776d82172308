package io.sightline.family.gpt_neox;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.family.parts.AttentionCore;
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
 * Multi-head self-attention with partly turned heads, {@code [batch, seq, hidden] → (same, probabilities [batch, heads, query, key] or
 * None)}.
 */
final class GPTNeoXAttention extends Module implements AttentionModule {
    /** The fused projection holds, head by head, its q, k and v. */
    private static final Kernel SPLIT = Kernel.define(
            "split q, k, v",
            "qkv: Tensor, dim: int",
            "Tuple[Tensor, Tensor, Tensor]",
            "shape = [torch.size(qkv, 0), torch.size(qkv, 1), -1, torch.mul(dim, 3)]",
            "parts = torch.chunk(torch.reshape(qkv, shape), 3, -1)",
            "return (parts[0], parts[1], parts[2])");

    private final int layer;
    private final int headDim;
    private final AttentionCore core;
    private final AttentionSwitch attentionSwitch;
    private final AttentionSwitch eager = new AttentionSwitch(AttentionKind.EAGER);
    private final Linear queryKeyValue;
    private final Linear dense;

    GPTNeoXAttention(NeoxSettings settings, int layer, AttentionKind kind) {
        this.layer = layer;
        headDim = settings.headDim();
        core = new AttentionCore(Math.pow(headDim, -0.5), AttentionCore.Direction.CAUSAL);
        attentionSwitch = new AttentionSwitch(kind);
        Linear.Bias bias = settings.attentionBias();
        queryKeyValue = child("query_key_value", new Linear(settings.width(), 3L * settings.width(), bias));
        dense = child("dense", new Linear(settings.width(), settings.width(), bias));
    }

    @Override
    public AttentionSwitch attentionSwitch() {
        return attentionSwitch;
    }

    @Override
    protected Object forward(Args args) {
        Tuple parts = Outputs.tuple(SPLIT.call(queryKeyValue.call(args.tensor(0, "hidden_states")), headDim));
        Tuple heads = RotaryHeads.rotate(
                Outputs.tensor(parts, 0),
                Outputs.tensor(parts, 1),
                Outputs.tensor(parts, 2),
                args.get("position_embeddings"),
                headDim);
        Tensor q = Outputs.tensor(heads, 0);
        Tensor k = Outputs.tensor(heads, 1);
        Tensor v = Outputs.tensor(heads, 2);
        if (args.get("layer_past") instanceof DynamicCache cache) {
            Tuple all = cache.update(layer, k, v);
            k = Outputs.tensor(all, 0);
            v = Outputs.tensor(all, 1);
        }
        boolean wanted = Boolean.TRUE.equals(args.get("output_attentions"));
        Tuple attended = core.attend(q, k, v, args.optionalTensor("attention_mask"), wanted ? eager : attentionSwitch);
        return attended.with(0, dense.call(Outputs.tensor(attended, 0)));
    }
}
