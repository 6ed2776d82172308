/**
 * Mistral ({@code model_type: mistral}), as {@code transformers.models.mistral} 4.57; wiring and weight names as {@link
 * io.sightline.family.parts.DecoderFamily} says.
 *
 * <p>Config keys: those of Llama without the biases, and {@code sliding_window} (4096; null for none), how many tokens every layer looks
 * back at, its own included.
 */
@NullMarked
package io.sightline.family.mistral;

import org.jspecify.annotations.NullMarked;
