package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.DecoderLayer;
import io.sightline.family.parts.DecoderLayer.Residual;
import io.sightline.family.parts.DecoderLayer.Slot;
import io.sightline.family.parts.RopeParameters;
import io.sightline.nn.Linear.Bias;

/**
 * StableLM: Llama with layer norms, rotary positions on part of each head, and a residual that may be parallel. Config keys: Llama's sizes, {@code
 * layer_norm_eps} (1e-5), {@code partial_rotary_factor} (0.25), {@code use_qkv_bias} (false), {@code use_parallel_residual} (false); {@code
 * hidden_dropout} (0) shows in the tree only; {@code qk_layernorm} is refused.
 */
public final class StableLmFamily extends DecoderFamily {
    public StableLmFamily() {
        super("stablelm", "StableLm");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        if (config.flag("qk_layernorm", false)) {
            throw config.error("qk_layernorm is not supported for stablelm");
        }
        double part = config.number("partial_rotary_factor", 0.25);
        double base = config.number("rope_theta", 10_000);
        Bias bias = Bias.of(config.flag("use_qkv_bias", false));
        decoder.layerNorms("layer_norm_eps", 1e-5)
                .rope(() -> RopeParameters.ofPartOfHead(config, decoder.shape().headDim(), part, base))
                .attention((layer, parts) -> parts.bias(bias, Bias.WITHOUT))
                .layer(layer -> layer(config, decoder, layer));
    }

    private static DecoderLayer.Builder layer(ModelConfig config, Decoder decoder, int layer) {
        double dropout = config.number("hidden_dropout", 0);
        return config.flag("use_parallel_residual", false)
                ? decoder.layerOf(layer)
                        .in(Slot.BEFORE_ATTENTION, "input_layernorm", decoder.norm())
                        .dropout(Slot.AFTER_MLP, "dropout", dropout)
                        .residual(Residual.PARALLEL)
                : decoder.preNormLayer(layer).dropout(Slot.AFTER_MLP, "dropout", dropout);
    }
}
