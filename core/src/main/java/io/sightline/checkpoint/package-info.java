/**
 * A model's directory as Hugging Face lays it out: config.json, the weights in one safetensors file or several with an index, each tensor
 * by name. It knows no architecture; {@code family} says which tensor goes where.
 */
@NullMarked
package io.sightline.checkpoint;

import org.jspecify.annotations.NullMarked;
