package io.sightline.family.decoder;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.family.parts.Decoder;
import io.sightline.family.parts.DecoderFamily;
import io.sightline.nn.Linear;

/**
 * Llama. Config keys: {@code vocab_size}, {@code hidden_size}, {@code intermediate_size}, {@code num_hidden_layers}, {@code num_attention_heads},
 * {@code num_key_value_heads} (num_attention_heads), {@code head_dim} (hidden_size / num_attention_heads), {@code hidden_act} (silu), {@code
 * rms_norm_eps} (1e-6), {@code attention_bias} (false; q, k, v and o), {@code mlp_bias} (false), {@code tie_word_embeddings} (false),
 * {@code max_position_embeddings} (for scaled positions), and the rotary embedding: {@code rope_theta} (10000) with {@code
 * rope_scaling}, or {@code rope_parameters}; see {@link io.sightline.family.parts.RopeParameters}.
 */
public final class LlamaFamily extends DecoderFamily {
    public LlamaFamily() {
        super("llama", "Llama");
    }

    @Override
    protected void describe(ModelConfig config, Decoder decoder) {
        Linear.Bias mlpBias = Linear.Bias.of(config.flag("mlp_bias", false));
        decoder.attentionBias()
                .mlp(layer -> decoder.gatedMlp(mlpBias))
                .taskHeads("transformer", "score")
                // Llama does not tell its layers use_cache.
                .model(model -> model.layerKeywords(
                        "attention_mask", "position_ids", "past_key_values", "cache_position", "position_embeddings"));
    }
}
