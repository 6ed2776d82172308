/**
 * Qwen3 ({@code model_type: qwen3}), as {@code transformers.models.qwen3} 4.57; wiring and weight names as {@link
 * io.sightline.family.parts.DecoderFamily} says, and {@code self_attn.q_norm.weight}, {@code self_attn.k_norm.weight} [head_dim]: RMS norms on
 * each head of queries and keys before they are turned.
 *
 * <p>Config keys: those of Llama ({@code head_dim} is 128 where absent; {@code attention_bias} false; no {@code mlp_bias}) and the windows of
 * Qwen2: {@code use_sliding_window}, {@code sliding_window}, {@code layer_types}, {@code max_window_layers}.
 */
@NullMarked
package io.sightline.family.qwen3;

import org.jspecify.annotations.NullMarked;
