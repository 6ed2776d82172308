/**
 * OPT ({@code model_type: opt}), as {@code transformers.models.opt} 4.57.
 *
 * <p>Weights under {@code model.decoder.}: {@code embed_tokens.weight} [vocab, word_embed_proj_dim], {@code embed_positions.weight} [positions + 2,
 * hidden], {@code project_in.weight} and {@code project_out.weight} where the two widths differ, {@code final_layer_norm}; in each {@code layers.N}:
 * {@code self_attn.k_proj}, {@code v_proj}, {@code q_proj}, {@code out_proj}, {@code self_attn_layer_norm}, {@code fc1}, {@code fc2}, {@code
 * final_layer_norm} ({@code .weight}, {@code .bias}); {@code lm_head.weight} unless tied. The prefix {@code model.} may be missing.
 *
 * <p>Config keys: {@code vocab_size}, {@code hidden_size}, {@code word_embed_proj_dim} (hidden_size), {@code ffn_dim}, {@code num_hidden_layers},
 * {@code num_attention_heads}, {@code max_position_embeddings}, {@code pad_token_id} (1), {@code activation_function} (relu), {@code
 * do_layer_norm_before} (true), {@code _remove_final_layer_norm} (false), {@code enable_bias} (true), {@code layer_norm_elementwise_affine} (true),
 * {@code tie_word_embeddings} (true).
 */
@NullMarked
package io.sightline.family.opt;

import org.jspecify.annotations.NullMarked;
