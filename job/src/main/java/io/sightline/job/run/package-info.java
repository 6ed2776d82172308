/**
 * The life of a run: checks before it, its directory's state, chunks as Spark tasks, progress, the manifest, and the dry run.
 *
 * <p>The way of a chunk: {@link io.sightline.job.run.ChunkTask} → {@link io.sightline.job.extract.SplittingRunner} →
 * {@link io.sightline.job.extract.BatchRunner} → {@link io.sightline.job.extract.CaptureTap} → {@link io.sightline.job.extract.ChunkSink}
 * → {@code job.table.write}. It prints nothing: {@code job.cli} shows what it reports.
 */
@NullMarked
package io.sightline.job.run;

import org.jspecify.annotations.NullMarked;
