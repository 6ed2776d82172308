/**
 * Mixtral ({@code model_type: mixtral}), as {@code transformers.models.mixtral} 4.57: Mistral with a sparse mixture of experts for an MLP.
 *
 * <p>Weights: as {@link io.sightline.family.parts.DecoderFamily} says, but instead of {@code mlp}: {@code block_sparse_moe.gate.weight} [experts,
 * hidden] and {@code block_sparse_moe.experts.E.w1.weight}, {@code w2.weight}, {@code w3.weight}. Config keys: Llama's without biases, and {@code
 * num_local_experts} (8), {@code num_experts_per_tok} (2), {@code sliding_window} (none; all layers); {@code rope_theta} is 1,000,000 and {@code
 * rms_norm_eps} 1e-5 where absent.
 */
@NullMarked
package io.sightline.family.mixtral;

import org.jspecify.annotations.NullMarked;
