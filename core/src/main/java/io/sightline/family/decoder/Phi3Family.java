package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.DecoderLayer.Slot;
import io.sightline.family.parts.RopeParameters;
import io.sightline.family.parts.SlidingWindows;

/**
 * Phi-3: Llama with fused projections, {@code self_attn.qkv_proj.weight} [(heads + 2·kv_heads)·head_dim, hidden] and {@code mlp.gate_up_proj.weight}
 * [2·intermediate, hidden]. Config keys: Llama's without biases, and {@code resid_pdrop}, {@code sliding_window} (none; all layers), {@code
 * partial_rotary_factor} (1), {@code original_max_position_embeddings} (for longrope); {@code rms_norm_eps} is 1e-5 where absent. With longrope, a
 * generation that outgrows the trained length computes its cache anew: keys were turned by the short factors.
 */
public final class Phi3Family extends DecoderFamily {
    public Phi3Family() {
        super("phi3", "Phi3");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        double dropout = config.number("resid_pdrop", 0);
        decoder.epsilon(1e-5)
                .rope(() -> rope(config, decoder))
                .attention((layer, parts) -> parts.projections("o_proj").fused("qkv_proj", 1))
                .mlp(layer -> decoder.fusedGateMlp())
                .layer(layer -> decoder.preNormLayer(layer)
                        .dropout(Slot.AFTER_ATTENTION, "resid_attn_dropout", dropout)
                        .dropout(Slot.AFTER_MLP, "resid_mlp_dropout", dropout))
                .window(layer -> SlidingWindows.ifNamed(config))
                .head(head -> head.recomputing(rope(config, decoder)));
    }

    private static RopeParameters rope(ModelConfig config, Decoder decoder) {
        double part = config.number("partial_rotary_factor", 1);
        return RopeParameters.ofPartOfHead(
                config, decoder.shape().headDim(), part, config.number("rope_theta", 10_000));
    }
}
