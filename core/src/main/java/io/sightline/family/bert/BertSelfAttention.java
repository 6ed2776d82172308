package io.sightline.family.bert;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import io.sightline.family.parts.AttentionCore;
import io.sightline.nn.Args;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.AttentionModule;
import io.sightline.nn.AttentionSwitch;
import io.sightline.nn.Dropout;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;

/** Attention in both directions, {@code [batch, seq, hidden] → (same, probabilities [batch, heads, query, key] or None)}. */
final class BertSelfAttention extends Module implements AttentionModule {
    private static final Kernel HEADS = Kernel.define(
            "heads",
            "x: Tensor, dim: int",
            "Tensor",
            "return torch.transpose(torch.view(x, [torch.size(x, 0), torch.size(x, 1), -1, dim]), 1, 2)");

    private final int headDim;
    private final AttentionKind kind;
    private final AttentionCore core;
    private final AttentionSwitch attentionSwitch;
    private final Linear query;
    private final Linear key;
    private final Linear value;

    BertSelfAttention(BertSettings settings, AttentionKind kind) {
        this.kind = kind;
        headDim = settings.width() / settings.heads();
        core = new AttentionCore(Math.pow(headDim, -0.5), AttentionCore.Direction.BIDIRECTIONAL);
        attentionSwitch = new AttentionSwitch(kind);
        query = child("query", linear(settings));
        key = child("key", linear(settings));
        value = child("value", linear(settings));
        child("dropout", new Dropout(settings.attentionDropout()));
    }

    private static Linear linear(BertSettings settings) {
        return new Linear(settings.width(), settings.width(), Linear.Bias.WITH);
    }

    @Override
    public AttentionSwitch attentionSwitch() {
        return attentionSwitch;
    }

    @Override
    protected Object forward(Args args) {
        Tensor hidden = args.tensor(0, "hidden_states");
        Tensor q = HEADS.tensor(query.call(hidden), headDim);
        Tensor k = HEADS.tensor(key.call(hidden), headDim);
        Tensor v = HEADS.tensor(value.call(hidden), headDim);
        boolean wanted = Boolean.TRUE.equals(args.get("output_attentions"));
        return core.attend(q, k, v, args.optionalTensor(1, "attention_mask"), attentionSwitch, wanted, null);
    }

    @Override
    public String className() {
        return kind == AttentionKind.SDPA ? "BertSdpaSelfAttention" : "BertSelfAttention";
    }
}
