/**
 * Decoder architectures that are one file each: a {@link io.sightline.family.parts.DecoderFamily} names its switches, config keys and weights, and
 * {@link io.sightline.family.parts.Decoder} builds the tree. Modules behave as those of transformers 4.57; what is not said of a family is as {@code
 * DecoderFamily} and {@link io.sightline.family.parts.DecoderShape} have it.
 */
@NullMarked
package io.sightline.family.decoder;

import org.jspecify.annotations.NullMarked;
