/**
 * What leaves a batch of prompts, and the one engine that runs batches. {@link io.sightline.job.extract.Output} lists the kinds of output;
 * {@link io.sightline.job.extract.ShapeInference} finds their shapes; an {@link io.sightline.job.extract.Extractor} holds model, compiled
 * graph and tokenizer for all tasks of a JVM; {@link io.sightline.job.extract.BatchRunner} cuts batches, and splits those that fail; a
 * {@link io.sightline.job.extract.RowSink} takes the rows.
 *
 * <p>It knows no run: {@code job.run} feeds it chunks and commits what comes out, {@code job.ml} makes columns of it. Models come from
 * {@code job.model}.
 */
@NullMarked
package io.sightline.job.extract;

import org.jspecify.annotations.NullMarked;
