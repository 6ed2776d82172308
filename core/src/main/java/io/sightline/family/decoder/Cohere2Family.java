package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.RotaryHeads.Rotation;
import io.sightline.family.parts.SlidingWindows;
import io.sightline.nn.Linear.Bias;

/**
 * Cohere's Command R7B: as {@link CohereFamily}, with a sliding window on all but every fourth layer; those that look at all tokens have no positions.
 * Config keys beyond Cohere's: {@code sliding_window} (4096), {@code layer_types}, or {@code sliding_window_pattern} (4); no {@code use_qk_norm}.
 */
public final class Cohere2Family extends DecoderFamily {
    public Cohere2Family() {
        super("cohere2", "Cohere2");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        int pattern = config.size("sliding_window_pattern", 4);
        Bias bias = Bias.of(config.flag("attention_bias", false));
        CohereFamily.likeCohere(config, decoder, "Cohere2")
                .attention((layer, parts) -> parts.bias(bias, bias)
                        .rotation(
                                SlidingWindows.slidesButEvery(pattern, config, layer)
                                        ? Rotation.NEIGHBOURS
                                        : Rotation.NONE))
                .window(layer -> SlidingWindows.ofAllButEvery(pattern, config, layer));
    }
}
