/**
 * Qwen2 and 2.5 ({@code model_type: qwen2}), as {@code transformers.models.qwen2} 4.57; wiring and weight names as {@link
 * io.sightline.family.parts.DecoderFamily} says. Queries, keys and values have biases, outputs have none.
 *
 * <p>Config keys: those of Llama without the biases, and {@code use_sliding_window} (false), {@code sliding_window} (4096), {@code layer_types}
 * (full_attention or sliding_attention for each layer), or where that is absent {@code max_window_layers} (28), from which layer on the
 * window applies.
 */
@NullMarked
package io.sightline.family.qwen2;

import org.jspecify.annotations.NullMarked;
