package io.sightline.family.mistral;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.SlidingWindows;

/** Builds Mistral: Llama with a sliding window on every layer. */
public final class MistralFamily extends DecoderFamily {
    public MistralFamily() {
        super("mistral", "Mistral");
    }

    @Override
    protected long window(ModelConfig config, int layer) {
        return SlidingWindows.onEveryLayer(config);
    }
}
