package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.CenteredNorm;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;

/**
 * OLMo: Llama with layer norms that have no weights, and projections that may be clipped. Config keys: those of Llama without {@code mlp_bias},
 * {@code clip_qkv} (none).
 */
public final class OlmoFamily extends DecoderFamily {
    public OlmoFamily() {
        super("olmo", "Olmo");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        decoder.norms(size -> new CenteredNorm("OlmoLayerNorm", 1e-5))
                .attentionBias(parts -> parts.clip(config.number("clip_qkv", 0)));
    }
}
