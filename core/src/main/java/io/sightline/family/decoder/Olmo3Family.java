package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.RopeParameters;
import io.sightline.family.parts.SlidingWindows;

/**
 * OLMo 3: OLMo 2 with a sliding window on all but every fourth layer. Config keys beyond OLMo 2's: {@code sliding_window} (4096), {@code
 * layer_types} (every fourth is full_attention), {@code rope_parameters} by layer type; {@code rope_scaling} scales layers of full attention only.
 * The rotary embedding is one module that is called for each layer type, as in transformers 5.
 */
public final class Olmo3Family extends DecoderFamily {
    public Olmo3Family() {
        super("olmo3", "Olmo3");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        Olmo2Family.likeOlmo2(config, decoder)
                .window(layer -> SlidingWindows.ofAllButEvery(4, config, layer))
                .ropeKinds(() -> RopeParameters.ofLayerTypes(
                        config, decoder.shape().headDim(), 10_000, config.number("rope_theta", 10_000)))
                .model(model -> model.rotaryKinds(
                        SlidingWindows.kinds(4, config, decoder.shape().layers())));
    }
}
