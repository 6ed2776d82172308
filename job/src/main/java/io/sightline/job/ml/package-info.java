/**
 * Activations inside a Spark ML pipeline: {@link io.sightline.job.ml.ActivationExtractor} is a {@code Transformer} that adds them to a
 * DataFrame as columns.
 *
 * <p>It owns the parameters and the shape of the columns; models, batches and captures are {@code job.extract}'s. It writes no tables and
 * promises nothing about retries but what Spark promises of any lazy column: for datasets that take hours there is {@code sightline run}.
 */
@NullMarked
package io.sightline.job.ml;

import org.jspecify.annotations.NullMarked;
