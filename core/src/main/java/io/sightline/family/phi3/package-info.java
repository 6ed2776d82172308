/**
 * Phi-3 ({@code model_type: phi3}), as {@code transformers.models.phi3} 4.57: Llama with fused projections.
 *
 * <p>Weights: as {@link io.sightline.family.parts.DecoderFamily} says, but in each layer {@code self_attn.qkv_proj.weight} [(heads + 2·kv_heads)·head_dim,
 * hidden] and {@code mlp.gate_up_proj.weight} [2·intermediate, hidden]. Config keys: Llama's without biases, and {@code resid_pdrop}, {@code
 * sliding_window} (none; all layers), {@code partial_rotary_factor} (1), {@code original_max_position_embeddings} (for longrope).
 */
@NullMarked
package io.sightline.family.phi3;

import org.jspecify.annotations.NullMarked;
