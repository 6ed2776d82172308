/**
 * Decoding: one token after the other from a language model, greedy or sampled, with a KV cache or without, as transformers'
 * {@code generate} does it.
 *
 * <p>It calls the model's root module as any caller would, so hooks see every step. It does not tokenize ({@code token}), and knows
 * nothing of graphs: {@code interleave} hangs its hooks on the same modules, {@code trace} puts both together.
 */
@NullMarked
package io.sightline.generate;

import org.jspecify.annotations.NullMarked;
