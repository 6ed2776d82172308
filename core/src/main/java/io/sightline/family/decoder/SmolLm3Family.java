package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.RotaryHeads.Rotation;
import io.sightline.family.parts.SlidingWindows;
import io.sightline.nn.Linear.Bias;
import java.util.List;

/**
 * SmolLM3: Llama in which every fourth layer has no positions. Config keys beyond Llama's: {@code no_rope_layers} (for each layer 1 where it has
 * positions), or {@code no_rope_layer_interval} (4); {@code use_sliding_window} (false) with {@code sliding_window} and {@code layer_types}; {@code
 * tie_word_embeddings} is true and {@code rope_theta} 2,000,000 where absent.
 */
public final class SmolLm3Family extends DecoderFamily {
    public SmolLm3Family() {
        super("smollm3", "SmolLM3");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        Bias mlpBias = Bias.of(config.flag("mlp_bias", false));
        Bias bias = Bias.of(config.flag("attention_bias", false));
        decoder.ropeBase(2_000_000)
                .taskHeads("transformer", "score")
                .attention((layer, parts) ->
                        parts.bias(bias, bias).rotation(turns(config, layer) ? Rotation.HALVES : Rotation.NONE))
                .mlp(layer -> decoder.gatedMlp(mlpBias))
                .window(layer -> window(config, layer))
                .tiedByDefault();
    }

    private static boolean turns(ModelConfig config, int layer) {
        List<Double> listed = config.numbers("no_rope_layers");
        return listed.isEmpty()
                ? (layer + 1) % config.size("no_rope_layer_interval", 4) != 0
                : layer < listed.size() && listed.get(layer) != 0;
    }

    private static long window(ModelConfig config, int layer) {
        if (!config.flag("use_sliding_window", false)) {
            return 0;
        }
        boolean slides =
                config.has("layer_types") ? SlidingWindows.slidesButEvery(1, config, layer) : !turns(config, layer);
        return slides ? SlidingWindows.ifNamed(config) : 0;
    }
}
