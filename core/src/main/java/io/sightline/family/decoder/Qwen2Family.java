package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.SlidingWindows;
import io.sightline.nn.Linear.Bias;

/**
 * Qwen2 and 2.5: Llama with biases on queries, keys and values, and a window on its upper layers where the config asks for one. Config keys: those of
 * Llama without the biases, and {@code use_sliding_window} (false), {@code sliding_window} (4096), {@code layer_types} (full_attention or
 * sliding_attention for each layer), or where that is absent {@code max_window_layers} (28), from which layer on the window applies.
 */
public final class Qwen2Family extends DecoderFamily {
    public Qwen2Family() {
        super("qwen2", "Qwen2");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        decoder.taskHeads("transformer", "score")
                .attention((layer, parts) -> parts.bias(Bias.WITH, Bias.WITHOUT))
                .window(layer -> SlidingWindows.ofUpperLayers(config, layer));
    }
}
