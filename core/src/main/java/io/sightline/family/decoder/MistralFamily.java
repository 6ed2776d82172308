package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.SlidingWindows;

/**
 * Mistral: Llama with a sliding window on every layer. Config keys: those of Llama without the biases, and {@code sliding_window} (4096; null for
 * none), how many tokens every layer looks back at, its own included.
 */
public final class MistralFamily extends DecoderFamily {
    public MistralFamily() {
        super("mistral", "Mistral");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        decoder.window(layer -> SlidingWindows.onEveryLayer(config));
    }
}
