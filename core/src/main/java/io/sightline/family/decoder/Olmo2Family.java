package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.DecoderLayer.Slot;
import io.sightline.family.parts.RmsNorm.Scale;

/**
 * OLMo 2: norms after attention and MLP, none before, and RMS norms on all heads of queries and of keys together ({@code self_attn.q_norm.weight}
 * [heads·head_dim], {@code k_norm.weight} [kv_heads·head_dim]). Config keys: those of Llama without {@code mlp_bias}; {@code rms_norm_eps} is 1e-5
 * where absent.
 */
public final class Olmo2Family extends DecoderFamily {
    public Olmo2Family() {
        super("olmo2", "Olmo2");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        likeOlmo2(config, decoder);
    }

    /** What OLMo 2 and 3 have in common. */
    static Decoder likeOlmo2(ModelConfig config, Decoder decoder) {
        return decoder.epsilon(1e-5)
                .rmsNorms(Scale.WEIGHT_IN_FLOAT32)
                .attentionBias(parts -> parts.wholeNorms(decoder::norm))
                .layer(layer -> decoder.layerOf(layer)
                        .in(Slot.AFTER_ATTENTION, "post_attention_layernorm", decoder.norm())
                        .in(Slot.AFTER_MLP, "post_feedforward_layernorm", decoder.norm()));
    }
}
