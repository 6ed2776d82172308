/**
 * Interventions as data, row by row: what is changed at which module, at which tokens, and what is measured at the logits; the expressions that say by
 * how much. It changes tensors that it is handed, one kernel for all rows of a module; it neither hooks modules nor runs a model ({@code interleave}
 * does), and knows nothing of recorded graphs ({@code graph}, from which it takes the names of places).
 */
@NullMarked
package io.sightline.intervene;

import org.jspecify.annotations.NullMarked;
