/** Owns number formats that Java 17 cannot read: float16. Uses no other room. */
@NullMarked
package io.sightline.numeric;

import org.jspecify.annotations.NullMarked;
