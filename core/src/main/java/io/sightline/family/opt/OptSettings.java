package io.sightline.family.opt;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.AttentionParts;
import io.sightline.family.parts.DecoderShape;
import io.sightline.family.parts.RotaryHeads.Rotation;
import io.sightline.family.parts.SelfAttention;
import io.sightline.nn.AttentionKind;
import io.sightline.nn.LayerNorm;
import io.sightline.nn.Linear;

/**
 * OPT's config.json, with transformers' defaults (configuration_opt.py).
 *
 * @param embeddingWidth {@code word_embed_proj_dim}: the token embeddings' width, projected to and from the hidden size where it differs
 * @param order whether norms stand before attention and MLP, or after
 * @param finalNorm whether there is a norm after the last layer
 */
record OptSettings(
        int vocabulary,
        int width,
        int embeddingWidth,
        int inner,
        int layers,
        int heads,
        int positions,
        long paddingId,
        String activation,
        Order order,
        boolean finalNorm,
        Linear.Bias bias,
        LayerNorm.Affine affine) {

    enum Order {
        NORM_BEFORE,
        NORM_AFTER
    }

    static OptSettings of(ModelConfig config) {
        int width = config.size("hidden_size", 768);
        int heads = config.size("num_attention_heads", 12);
        if (width % heads != 0) {
            throw config.error("hidden_size (" + width + ") must be a multiple of num_attention_heads (" + heads + ")");
        }
        boolean before = config.flag("do_layer_norm_before", true);
        return new OptSettings(
                config.size("vocab_size", 50272),
                width,
                config.size("word_embed_proj_dim", width),
                config.size("ffn_dim", 3072),
                config.count("num_hidden_layers", 12),
                heads,
                config.size("max_position_embeddings", 2048),
                config.integer("pad_token_id", 1),
                config.string("activation_function", "relu"),
                before ? Order.NORM_BEFORE : Order.NORM_AFTER,
                before && !config.flag("_remove_final_layer_norm", false),
                Linear.Bias.of(config.flag("enable_bias", true)),
                config.flag("layer_norm_elementwise_affine", true)
                        ? LayerNorm.Affine.WEIGHT_AND_BIAS
                        : LayerNorm.Affine.NONE);
    }

    /** As in transformers the probabilities are given away only where they are asked for. */
    SelfAttention attention(int layer, AttentionKind kind) {
        DecoderShape shape = new DecoderShape(
                vocabulary, width, inner, layers, heads, heads, width / heads, activation, 1e-5, paddingId);
        return AttentionParts.of("OPTAttention", layer, shape)
                .bias(bias, bias)
                .projections("k_proj", "v_proj", "q_proj", "out_proj")
                .rotation(Rotation.NONE)
                .hideProbabilities()
                .build(kind);
    }

    boolean isProjected() {
        return embeddingWidth != width;
    }

    LayerNorm norm() {
        return new LayerNorm(new long[] {width}, 1e-5, affine);
    }
}
