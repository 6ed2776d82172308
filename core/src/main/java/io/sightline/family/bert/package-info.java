/**
 * BERT ({@code model_type: bert}), the encoder, bare (with a pooler where the file has one) or with the head that {@code
 * architectures} names, as {@code transformers.models.bert} 4.57.
 *
 * <p>Weights: {@code bert.embeddings.} {@code word_embeddings}, {@code position_embeddings}, {@code token_type_embeddings}, {@code LayerNorm}; in each
 * {@code bert.encoder.layer.N.}: {@code attention.self.query}, {@code key}, {@code value}, {@code attention.output.dense}, {@code
 * attention.output.LayerNorm}, {@code intermediate.dense}, {@code output.dense}, {@code output.LayerNorm} ({@code .weight}, {@code .bias}); {@code
 * cls.predictions.} {@code bias} [vocab], {@code transform.dense}, {@code transform.LayerNorm}, {@code decoder.weight} unless tied. The prefix {@code
 * bert.} may be missing; a next-sentence head is passed over, and so is a pooler that the model does not read.
 *
 * <p>Config keys: {@code vocab_size}, {@code hidden_size}, {@code intermediate_size}, {@code num_hidden_layers}, {@code num_attention_heads}, {@code
 * max_position_embeddings}, {@code type_vocab_size}, {@code pad_token_id}, {@code hidden_act} (gelu), {@code layer_norm_eps} (1e-12), {@code
 * hidden_dropout_prob}, {@code attention_probs_dropout_prob} (shown only), {@code position_embedding_type} (absolute only).
 */
@NullMarked
package io.sightline.family.bert;

import org.jspecify.annotations.NullMarked;
