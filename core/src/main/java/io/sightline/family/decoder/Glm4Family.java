package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.DecoderLayer.Slot;
import io.sightline.family.parts.DecoderShape;
import io.sightline.family.parts.RopeParameters;
import io.sightline.family.parts.RotaryHeads.Rotation;
import io.sightline.nn.Linear.Bias;

/**
 * GLM-4-0414: norms before and after attention and MLP, rotary positions that turn neighbours in part of each head, a fused gate. Config keys: those of
 * Llama without {@code mlp_bias}; {@code head_dim} is 128, {@code attention_bias} true (queries, keys and values), {@code partial_rotary_factor} 0.5 and
 * {@code rms_norm_eps} 1.5625e-7 where absent.
 */
public final class Glm4Family extends DecoderFamily {
    public Glm4Family() {
        super("glm4", "Glm4");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        double part = config.number("partial_rotary_factor", 0.5);
        double base = config.number("rope_theta", 10_000);
        Bias bias = Bias.of(config.flag("attention_bias", true));
        decoder.shape(() -> DecoderShape.of(config, 128).withEpsilon(config.number("rms_norm_eps", 1.5625e-7)))
                .rotation(Rotation.NEIGHBOURS_BY_HALVES)
                .rope(() -> RopeParameters.ofPartOfHead(config, decoder.shape().headDim(), part, base))
                .attention((layer, parts) -> parts.bias(bias, Bias.WITHOUT))
                .mlp(layer -> decoder.fusedGateMlp())
                .layer(layer -> decoder.preNormLayer(layer)
                        .in(Slot.AFTER_ATTENTION, "post_self_attn_layernorm", decoder.norm())
                        .in(Slot.AFTER_MLP, "post_mlp_layernorm", decoder.norm()));
    }
}
