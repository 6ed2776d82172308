package io.sightline.family.bert;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.nn.LayerNorm;

/** BERT's config.json, with transformers' defaults (configuration_bert.py). */
record BertSettings(
        int vocabulary,
        int width,
        int inner,
        int layers,
        int heads,
        int positions,
        int types,
        long paddingId,
        String activation,
        double epsilon,
        double dropout,
        double attentionDropout) {

    static BertSettings of(ModelConfig config) {
        int width = config.size("hidden_size", 768);
        int heads = config.size("num_attention_heads", 12);
        if (width % heads != 0) {
            throw config.error("hidden_size (" + width + ") must be a multiple of num_attention_heads (" + heads + ")");
        }
        String positions = config.string("position_embedding_type", "absolute");
        if (!positions.equals("absolute")) {
            throw config.error("position_embedding_type '" + positions + "' is not supported; only absolute is");
        }
        if (config.flag("is_decoder", false)) {
            throw config.error("is_decoder is true; BERT is supported as an encoder only");
        }
        return new BertSettings(
                config.size("vocab_size", 30522),
                width,
                config.size("intermediate_size", 3072),
                config.count("num_hidden_layers", 12),
                heads,
                config.size("max_position_embeddings", 512),
                config.size("type_vocab_size", 2),
                config.integer("pad_token_id", 0),
                config.string("hidden_act", "gelu"),
                config.number("layer_norm_eps", 1e-12),
                config.number("hidden_dropout_prob", 0.1),
                config.number("attention_probs_dropout_prob", 0.1));
    }

    LayerNorm norm() {
        return new LayerNorm(width, epsilon);
    }
}
