/**
 * Phi-3 ({@code model_type: phi3}), as {@code transformers.models.phi3} 4.57: Llama with fused projections.
 *
 * <p>Weights: as {@link io.sightline.family.parts.DecoderFamily} says, but in each layer {@code self_attn.qkv_proj.weight} [(heads + 2·kv_heads)·head_dim,
 * hidden] and {@code mlp.gate_up_proj.weight} [2·intermediate, hidden]. Config keys: Llama's without biases, and {@code resid_pdrop}, {@code
 * sliding_window} (none; all layers), {@code partial_rotary_factor} (1), {@code original_max_position_embeddings} (for longrope);
 * {@code rms_norm_eps} is 1e-5 where absent. With longrope, a generation that outgrows the trained length computes its cache anew.
 */
@NullMarked
package io.sightline.family.phi3;

import org.jspecify.annotations.NullMarked;
