/**
 * GPT-NeoX and Pythia ({@code model_type: gpt_neox}), as {@code transformers.models.gpt_neox} 4.57: attention and MLP side by side on one
 * residual, rotary positions on part of each head, one fused q/k/v projection whose output is grouped by head.
 *
 * <p>Config keys: {@code vocab_size}, {@code hidden_size}, {@code num_hidden_layers}, {@code num_attention_heads}, {@code intermediate_size},
 * {@code hidden_act} (gelu), {@code layer_norm_eps} (1e-5), {@code use_parallel_residual} (true), {@code attention_bias} (true), {@code
 * rotary_pct} (0.25), {@code rotary_emb_base} (10000), {@code rope_scaling} or {@code rope_parameters}, {@code tie_word_embeddings} (false);
 * {@code hidden_dropout} (0) shows in the tree only.
 *
 * <p>Weights: {@code gpt_neox.embed_in.weight} [vocab, hidden]; for each layer {@code gpt_neox.layers.N.} {@code input_layernorm}, {@code
 * post_attention_layernorm} (weight, bias), {@code attention.query_key_value} (weight [3·hidden, hidden], bias), {@code attention.dense}, {@code
 * mlp.dense_h_to_4h}, {@code mlp.dense_4h_to_h}; {@code gpt_neox.final_layer_norm}; {@code embed_out.weight} [vocab, hidden] unless tied
 * ({@code lm_head.weight} since transformers 5). The prefix {@code gpt_neox.} may be missing; the buffers {@code attention.bias}, {@code
 * attention.masked_bias} and {@code rotary_emb.inv_freq} of old checkpoints are passed over.
 */
@NullMarked
package io.sightline.family.gpt_neox;

import org.jspecify.annotations.NullMarked;
