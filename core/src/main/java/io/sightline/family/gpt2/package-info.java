/**
 * GPT-2 ({@code model_type: gpt2}), as {@code transformers.models.gpt2} 4.57: learned positions, pre-norm blocks, one fused q/k/v projection.
 *
 * <p>Config keys: {@code vocab_size} (50257), {@code n_positions} (1024), {@code n_embd} (768), {@code n_layer} (12), {@code n_head} (12),
 * {@code n_inner} (4·n_embd), {@code activation_function} (gelu_new), {@code layer_norm_epsilon} (1e-5), {@code scale_attn_weights} (true),
 * {@code scale_attn_by_inverse_layer_idx} (false), {@code reorder_and_upcast_attn} (false), {@code tie_word_embeddings} (true), and
 * {@code embd_pdrop}, {@code attn_pdrop}, {@code resid_pdrop} (0.1), which show in the tree only. {@code add_cross_attention} is refused.
 *
 * <p>Weights: {@code transformer.wte.weight} [vocab, n_embd], {@code transformer.wpe.weight} [n_positions, n_embd], for each block {@code
 * transformer.h.N.} {@code ln_1}, {@code ln_2} (weight, bias [n_embd]), {@code attn.c_attn} (weight [n_embd, 3·n_embd], the other way round
 * than a Linear's; bias), {@code attn.c_proj}, {@code mlp.c_fc}, {@code mlp.c_proj}, then {@code transformer.ln_f}; {@code lm_head.weight} is
 * {@code wte}'s where tied. The prefix {@code transformer.} may be missing; the mask buffers {@code attn.bias} and {@code
 * attn.masked_bias} of old checkpoints are passed over.
 */
@NullMarked
package io.sightline.family.gpt2;

import org.jspecify.annotations.NullMarked;
