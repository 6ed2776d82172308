package io.sightline.family.qwen2;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.DecoderShape;
import io.sightline.family.parts.RotaryAttention;
import io.sightline.family.parts.SlidingWindows;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;

/** Builds Qwen2: Llama with biases on queries, keys and values, and a window on its upper layers where the config asks for one. */
public final class Qwen2Family extends DecoderFamily {
    public Qwen2Family() {
        super("qwen2", "Qwen2");
    }

    @Override
    protected Module attention(ModelConfig config, DecoderShape shape, int layer, AttentionKind attention) {
        return RotaryAttention.of("Qwen2Attention", layer, shape)
                .bias(Linear.Bias.WITH, Linear.Bias.WITHOUT)
                .build(attention);
    }

    @Override
    protected long window(ModelConfig config, int layer) {
        return SlidingWindows.ofUpperLayers(config, layer);
    }
}
