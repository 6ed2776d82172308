/**
 * Runs an intervention graph against a model's forward pass: hooks at the places in use, nodes as their values arrive, the saved values at
 * the end.
 *
 * <p>{@code graph} is what a graph is, {@code interleave.function} what it may call, {@code trace} how one is recorded. Models come in through
 * {@link io.sightline.interleave.RunnableModel}.
 */
@NullMarked
package io.sightline.interleave;

import org.jspecify.annotations.NullMarked;
