package io.sightline.family.qwen3;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.DecoderShape;
import io.sightline.family.parts.RotaryAttention;
import io.sightline.family.parts.SlidingWindows;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;

/** Builds Qwen3: Llama with norms on the heads of queries and keys. */
public final class Qwen3Family extends DecoderFamily {
    public Qwen3Family() {
        super("qwen3", "Qwen3");
    }

    @Override
    protected DecoderShape shape(ModelConfig config) {
        return DecoderShape.of(config, 128);
    }

    @Override
    protected Module attention(ModelConfig config, DecoderShape shape, int layer, AttentionKind attention) {
        Linear.Bias bias = Linear.Bias.of(config.flag("attention_bias", false));
        return RotaryAttention.of("Qwen3Attention", layer, shape)
                .bias(bias, bias)
                .queryKeyNorm("Qwen3RMSNorm")
                .build(attention);
    }

    @Override
    protected long window(ModelConfig config, int layer) {
        return SlidingWindows.ofUpperLayers(config, layer);
    }
}
