/**
 * Trains the probes of a grid (capture × layer × pooling × label) on the tables of runs and writes them as tables: the probe file, which
 * prompt is used for what, one task a captured module, the tables {@code probes}, {@code directions} and {@code splits}.
 *
 * <p>How a probe is fitted is {@code fit}'s, how good it is {@code measure}'s; this room alone of the three knows Spark.
 */
@NullMarked
package io.sightline.job.probe;

import org.jspecify.annotations.NullMarked;
