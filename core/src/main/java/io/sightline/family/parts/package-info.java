/**
 * What several architectures share: the {@link io.sightline.family.parts.Family} seam that users extend, weight names, causal and sliding-window
 * masks, attention by both kernels, rotary embeddings, RMS norm, the MLP, and {@link io.sightline.family.parts.Decoder}: a decoder by
 * its switches.
 *
 * <p>A decoder architecture is one file in {@code family.decoder} that sets switches; docs/ADD_A_FAMILY.md explains one. Nothing here reads files.
 */
@NullMarked
package io.sightline.family.parts;

import org.jspecify.annotations.NullMarked;
