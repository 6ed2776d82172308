/**
 * Gemma ({@code model_type: gemma}), as {@code transformers.models.gemma} 4.57; wiring and weight names as {@link
 * io.sightline.family.parts.DecoderFamily} says. The embeddings are scaled by √hidden_size, norms scale by 1 + weight, and the head shares the
 * embedding's weight unless {@code tie_word_embeddings} is false.
 *
 * <p>Config keys: Llama's, but {@code hidden_act} (gelu_pytorch_tanh) and {@code attention_bias} (false); no {@code mlp_bias}.
 */
@NullMarked
package io.sightline.family.gemma;

import org.jspecify.annotations.NullMarked;
