package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.Mlp;
import io.sightline.family.parts.SlidingWindows;
import io.sightline.nn.Linear.Bias;

/**
 * StarCoder2: Llama with layer norms, a plain MLP ({@code mlp.c_fc}, {@code c_proj}), biases everywhere, and a window. Config keys: Llama's sizes,
 * {@code hidden_act} (gelu_pytorch_tanh), {@code norm_epsilon} (1e-5), {@code use_bias} (true), {@code sliding_window} (none; all layers), {@code
 * tie_word_embeddings} (true).
 */
public final class Starcoder2Family extends DecoderFamily {
    public Starcoder2Family() {
        super("starcoder2", "Starcoder2");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        Bias bias = Bias.of(config.flag("use_bias", true));
        decoder.layerNorms("norm_epsilon", 1e-5)
                .attention((layer, parts) -> parts.bias(bias, bias))
                .mlp(layer -> Mlp.of(
                                "Starcoder2MLP",
                                decoder.shape().width(),
                                decoder.shape().inner())
                        .bias(bias)
                        .up("c_fc")
                        .down("c_proj")
                        .activation("act", config.string("hidden_act", "gelu_pytorch_tanh"))
                        .build())
                .window(layer -> SlidingWindows.ifNamed(config))
                .tiedByDefault();
    }
}
