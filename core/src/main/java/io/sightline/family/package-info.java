/**
 * Opens a checkpoint with the right architecture: the list of families, how weights are put into modules, and the model that owns them.
 * The architectures themselves are the packages below; {@code family.parts} is what they share.
 */
@NullMarked
package io.sightline.family;

import org.jspecify.annotations.NullMarked;
