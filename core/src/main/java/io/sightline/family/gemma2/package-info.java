/**
 * Gemma 2 ({@code model_type: gemma2}), as {@code transformers.models.gemma2} 4.57; weights as {@link
 * io.sightline.family.parts.DecoderFamily} says, and in each layer {@code pre_feedforward_layernorm.weight} and {@code
 * post_feedforward_layernorm.weight}. As Gemma, with capped attention scores and logits and a sliding window in every other layer. Where scores
 * are capped both attention kinds compute them so: transformers' sdpa drops the cap, which is not what the config means.
 *
 * <p>Config keys beyond Gemma's: {@code hidden_activation} (gelu_pytorch_tanh), {@code query_pre_attn_scalar} (256), {@code
 * attn_logit_softcapping} (50, null for none), {@code final_logit_softcapping} (30, null for none), {@code sliding_window} (4096), {@code
 * layer_types} (alternating, the first slides).
 */
@NullMarked
package io.sightline.family.gemma2;

import org.jspecify.annotations.NullMarked;
