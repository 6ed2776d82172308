/** Owns how a result file comes into being: whole or not at all. Knows nothing of what is in it. */
@NullMarked
package io.sightline.files;

import org.jspecify.annotations.NullMarked;
