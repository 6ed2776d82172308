package io.sightline.family.gpt2;

import io.sightline.checkpoint.ModelConfig;

/** config.json's values that shape a GPT-2, with transformers' defaults. */
record Gpt2Settings(
        int vocabulary,
        int positions,
        int width,
        int layers,
        int heads,
        int inner,
        String activation,
        double epsilon,
        double embeddingDropout,
        double attentionDropout,
        double residualDropout,
        boolean scaleByWidth,
        boolean scaleByLayer,
        boolean upcastAttention) {

    static Gpt2Settings of(ModelConfig config) {
        int width = config.size("n_embd", 768);
        Gpt2Settings settings = new Gpt2Settings(
                config.size("vocab_size", 50257),
                config.size("n_positions", 1024),
                width,
                config.count("n_layer", 12),
                config.size("n_head", 12),
                config.size("n_inner", Math.multiplyExact(4, width)),
                config.string("activation_function", "gelu_new"),
                config.number("layer_norm_epsilon", 1e-5),
                config.number("embd_pdrop", 0.1),
                config.number("attn_pdrop", 0.1),
                config.number("resid_pdrop", 0.1),
                config.flag("scale_attn_weights", true),
                config.flag("scale_attn_by_inverse_layer_idx", false),
                config.flag("reorder_and_upcast_attn", false));
        if (width % settings.heads != 0) {
            throw config.error("n_embd (" + width + ") must be a multiple of n_head (" + settings.heads + ")");
        }
        if (config.flag("add_cross_attention", false)) {
            throw config.error("add_cross_attention is not supported: there is no encoder to attend to");
        }
        return settings;
    }

    double scaling(int layer) {
        double scaling = scaleByWidth ? Math.pow((double) width / heads, -0.5) : 1;
        return scaleByLayer ? scaling / (layer + 1) : scaling;
    }
}
