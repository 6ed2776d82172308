package io.sightline.family.opt;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.family.parts.AttentionCore;
import io.sightline.family.parts.Outputs;
import io.sightline.nn.Args;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.AttentionModule;
import io.sightline.nn.AttentionSwitch;
import io.sightline.nn.DynamicCache;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;

/**
 * Multi-head self-attention, {@code [batch, seq, hidden] → (same, None)}. As in transformers the probabilities are given away only where
 * they are asked for: by {@code output_attentions}, or by a graph that reads them.
 */
final class OPTAttention extends Module implements AttentionModule {
    private static final Kernel HEADS = Kernel.define(
            "heads",
            "x: Tensor, dim: int",
            "Tensor",
            "return torch.transpose(torch.view(x, [torch.size(x, 0), torch.size(x, 1), -1, dim]), 1, 2)");

    private final int layer;
    private final int headDim;
    private final AttentionCore core;
    private final AttentionSwitch attentionSwitch;
    private final AttentionSwitch eager = new AttentionSwitch(AttentionKind.EAGER);
    private final Linear kProj;
    private final Linear vProj;
    private final Linear qProj;
    private final Linear outProj;

    OPTAttention(OptSettings settings, int layer, AttentionKind kind) {
        this.layer = layer;
        headDim = settings.headDim();
        core = new AttentionCore(Math.pow(headDim, -0.5), AttentionCore.Direction.CAUSAL);
        attentionSwitch = new AttentionSwitch(kind);
        kProj = child("k_proj", linear(settings));
        vProj = child("v_proj", linear(settings));
        qProj = child("q_proj", linear(settings));
        outProj = child("out_proj", linear(settings));
    }

    private static Linear linear(OptSettings settings) {
        return new Linear(settings.width(), settings.width(), settings.bias());
    }

    @Override
    public AttentionSwitch attentionSwitch() {
        return attentionSwitch;
    }

    @Override
    protected Object forward(Args args) {
        Tensor hidden = args.tensor(0, "hidden_states");
        Tensor q = HEADS.tensor(qProj.call(hidden), headDim);
        Tensor k = HEADS.tensor(kProj.call(hidden), headDim);
        Tensor v = HEADS.tensor(vProj.call(hidden), headDim);
        if (args.get("past_key_values") instanceof DynamicCache cache) {
            Tuple all = cache.update(layer, k, v);
            k = Outputs.tensor(all, 0);
            v = Outputs.tensor(all, 1);
        }
        boolean wanted = Boolean.TRUE.equals(args.get("output_attentions")) || attentionSwitch.isForced();
        Tuple attended = core.attend(q, k, v, args.optionalTensor("attention_mask"), wanted ? eager : attentionSwitch);
        Tensor output = outProj.call(Outputs.tensor(attended, 0));
        return Tuple.of(output, wanted ? attended.get(1) : null);
    }
}
