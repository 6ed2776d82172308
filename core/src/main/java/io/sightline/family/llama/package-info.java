/**
 * Llama ({@code model_type: llama}), as {@code transformers.models.llama} 4.57; wiring and weight names as {@link
 * io.sightline.family.parts.DecoderFamily} says.
 *
 * <p>Config keys: {@code vocab_size}, {@code hidden_size}, {@code intermediate_size}, {@code num_hidden_layers}, {@code num_attention_heads},
 * {@code num_key_value_heads} (num_attention_heads), {@code head_dim} (hidden_size / num_attention_heads), {@code hidden_act} (silu), {@code
 * rms_norm_eps} (1e-6), {@code attention_bias} (false; q, k, v and o), {@code mlp_bias} (false), {@code tie_word_embeddings} (false),
 * {@code max_position_embeddings} (for scaled positions), and the rotary embedding: {@code rope_theta} (10000) with {@code
 * rope_scaling}, or {@code rope_parameters}; see {@link io.sightline.family.parts.RopeParameters}.
 */
@NullMarked
package io.sightline.family.llama;

import org.jspecify.annotations.NullMarked;
