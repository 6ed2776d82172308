package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.CenteredNorm;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.family.parts.DecoderLayer.Residual;
import io.sightline.family.parts.DecoderLayer.Slot;
import io.sightline.family.parts.DecoderShape;
import io.sightline.family.parts.RotaryHeads.Rotation;
import io.sightline.nn.Module;

/**
 * Cohere's Command R: attention and MLP side by side after one norm that has no bias, rotary positions that turn neighbours, scaled logits. Config
 * keys: Llama's sizes, {@code layer_norm_eps} (1e-5), {@code attention_bias} (false), {@code use_qk_norm} (false: a norm over each head of queries and of
 * keys, with a weight for each head), {@code logit_scale} (0.0625), {@code tie_word_embeddings} (true).
 */
public final class CohereFamily extends DecoderFamily {
    public CohereFamily() {
        super("cohere", "Cohere");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        boolean norms = config.flag("use_qk_norm", false);
        likeCohere(config, decoder, "Cohere").attentionBias(parts -> {
            if (norms) {
                DecoderShape shape = decoder.shape();
                parts.headNorms(headNorm(config, shape, shape.heads()), headNorm(config, shape, shape.keyValueHeads()));
            }
        });
    }

    private static Module headNorm(ModelConfig config, DecoderShape shape, int heads) {
        return new CenteredNorm("CohereLayerNorm", config.number("layer_norm_eps", 1e-5), heads, shape.headDim());
    }

    /** What Cohere's first and second decoders have in common. */
    static Decoder likeCohere(ModelConfig config, Decoder decoder, String prefix) {
        double eps = config.number("layer_norm_eps", 1e-5);
        double scale = config.number("logit_scale", 0.0625);
        return decoder.norms(size -> new CenteredNorm(prefix + "LayerNorm", eps, size))
                .rotation(Rotation.NEIGHBOURS)
                .layer(layer -> decoder.layerOf(layer)
                        .in(Slot.BEFORE_ATTENTION, "input_layernorm", decoder.norm())
                        .residual(Residual.PARALLEL))
                .head(head -> head.logits(logits -> logits.mul(scale)))
                .tiedByDefault();
    }
}
