/**
 * Qwen3 MoE ({@code model_type: qwen3_moe}), as {@code transformers.models.qwen3_moe} 4.57: Qwen3 with a sparse mixture of experts in some layers.
 *
 * <p>Weights: as {@link io.sightline.family.parts.DecoderFamily} and Qwen3 have them; in a sparse layer {@code mlp.gate.weight} [experts, hidden]
 * and {@code mlp.experts.E.gate_proj.weight}, {@code up_proj.weight}, {@code down_proj.weight}. Config keys: Qwen3's ({@code head_dim} is
 * hidden_size / num_attention_heads where absent), and {@code num_experts} (128; transformers 5 saves it as
 * {@code num_local_experts}), {@code num_experts_per_tok} (8), {@code
 * moe_intermediate_size} (768), {@code norm_topk_prob} (false), {@code decoder_sparse_step} (1), {@code mlp_only_layers} (none), {@code
 * use_sliding_window} (false) with {@code sliding_window} (4096) for all layers.
 */
@NullMarked
package io.sightline.family.qwen3_moe;

import org.jspecify.annotations.NullMarked;
