package io.sightline.family.gpt_neox;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.RopeParameters;
import io.sightline.nn.Linear;

/** config.json's values that shape a GPT-NeoX, with transformers' defaults. */
record NeoxSettings(
        int vocabulary,
        int width,
        int layers,
        int heads,
        int inner,
        String activation,
        double epsilon,
        double dropout,
        Residual residual,
        Linear.Bias attentionBias,
        RopeParameters rope) {

    /** Whether attention and MLP read the same hidden states, or the MLP those after attention. */
    enum Residual {
        PARALLEL,
        SEQUENTIAL
    }

    static NeoxSettings of(ModelConfig config) {
        int width = config.size("hidden_size");
        int heads = config.size("num_attention_heads");
        if (width % heads != 0) {
            throw config.error("hidden_size (" + width + ") must be a multiple of num_attention_heads (" + heads + ")");
        }
        double rotated = config.number("rotary_pct", config.number("partial_rotary_factor", 0.25));
        double base = config.number("rotary_emb_base", config.number("rope_theta", 10_000));
        return new NeoxSettings(
                config.size("vocab_size"),
                width,
                config.count("num_hidden_layers"),
                heads,
                config.size("intermediate_size"),
                config.string("hidden_act", "gelu"),
                config.number("layer_norm_eps", 1e-5),
                config.number("hidden_dropout", 0),
                config.flag("use_parallel_residual", true) ? Residual.PARALLEL : Residual.SEQUENTIAL,
                Linear.Bias.of(config.flag("attention_bias", true)),
                RopeParameters.ofPartOfHead(config, width / heads, rotated, base));
    }

    int headDim() {
        return width / heads;
    }
}
