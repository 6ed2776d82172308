/**
 * What several architectures share: the {@link io.sightline.family.parts.Family} seam that users extend, weight names, causal and sliding-window
 * masks, attention by both kernels, rotary embeddings, RMS norm, the gated MLP, and the decoder that Llama-like models have in common.
 *
 * <p>A new architecture is one package next to this one that wires these parts; docs/ has a walk-through. Nothing here reads files.
 */
@NullMarked
package io.sightline.family.parts;

import org.jspecify.annotations.NullMarked;
