/** What a misspelt name was meant to be, for every message of the form "did you mean …"; it does not depend on what is named. */
@NullMarked
package io.sightline.spelling;

import org.jspecify.annotations.NullMarked;
