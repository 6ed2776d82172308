package io.sightline.family.gpt2;

import io.sightline.engine.DType;
import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.family.parts.AttentionCore;
import io.sightline.family.parts.Outputs;
import io.sightline.nn.Args;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.AttentionModule;
import io.sightline.nn.AttentionSwitch;
import io.sightline.nn.Conv1D;
import io.sightline.nn.Dropout;
import io.sightline.nn.DynamicCache;
import io.sightline.nn.Module;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head self-attention, {@code [batch, seq, n_embd] → (same, probabilities [batch, heads, query, key] or None)}.
 *
 * <p>{@code reorder_and_upcast_attn} scales before the product and works in float32; scores are in the weights' dtype else.
 */
final class GPT2Attention extends Module implements AttentionModule {
    private static final Kernel SPLIT = Kernel.define(
            "split q, k, v",
            "qkv: Tensor, heads: int",
            "Tuple[Tensor, Tensor, Tensor]",
            "batch = torch.size(qkv, 0)",
            "seq = torch.size(qkv, 1)",
            "width = torch.floordiv(torch.size(qkv, 2), torch.mul(heads, 3))",
            "parts = torch.permute(torch.reshape(qkv, [batch, seq, 3, heads, width]), [2, 0, 3, 1, 4])",
            "return (torch.select(parts, 0, 0), torch.select(parts, 0, 1), torch.select(parts, 0, 2))");

    private final int layer;
    private final int heads;
    private final boolean upcast;
    private final AttentionCore core;
    private final AttentionSwitch attentionSwitch;
    private final Conv1D cAttn;
    private final Conv1D cProj;
    private final Dropout attnDropout;
    private final Dropout residDropout;

    GPT2Attention(Gpt2Settings settings, int layer, AttentionKind attention) {
        this.layer = layer;
        this.heads = settings.heads();
        this.upcast = settings.upcastAttention();
        this.core = new AttentionCore(settings.scaling(layer), AttentionCore.Direction.CAUSAL);
        this.attentionSwitch = new AttentionSwitch(attention);
        cAttn = child("c_attn", new Conv1D(3L * settings.width(), settings.width()));
        cProj = child("c_proj", new Conv1D(settings.width(), settings.width()));
        attnDropout = child("attn_dropout", new Dropout(settings.attentionDropout()));
        residDropout = child("resid_dropout", new Dropout(settings.residualDropout()));
    }

    @Override
    public AttentionSwitch attentionSwitch() {
        return attentionSwitch;
    }

    @Override
    protected Object forward(Args args) {
        Tuple parts = Outputs.tuple(SPLIT.call(cAttn.call(args.tensor(0, "hidden_states")), heads));
        Tensor q = Outputs.tensor(parts, 0);
        Tensor k = Outputs.tensor(parts, 1);
        Tensor v = Outputs.tensor(parts, 2);
        if (args.get(1, "past_key_values") instanceof DynamicCache cache) {
            Tuple all = cache.update(layer, k, v);
            k = Outputs.tensor(all, 0);
            v = Outputs.tensor(all, 1);
        }
        Tensor mask = args.optionalTensor(3, "attention_mask");
        if (attentionSwitch.isEager() || Boolean.TRUE.equals(args.get("output_attentions"))) {
            Tensor probabilities = attnDropout.call(probabilities(q, k, mask));
            return Tuple.of(project(core.context(probabilities, v)), probabilities);
        }
        return Tuple.of(project(core.withoutProbabilities(q, k, v, mask)), null);
    }

    private Tensor project(Tensor context) {
        return residDropout.call(cProj.call(context));
    }

    private Tensor probabilities(Tensor q, Tensor k, @Nullable Tensor mask) {
        return upcast
                ? core.probabilities(q.to(DType.FLOAT32), k.to(DType.FLOAT32), mask)
                        .to(q.dtype())
                : core.probabilities(q, k, mask);
    }
}
