/**
 * The life of a run: checks before it, its directory's state, chunks as Spark tasks, progress, the manifest, and the dry run.
 *
 * <p>A chunk goes from {@link io.sightline.job.run.ChunkTask} through {@link io.sightline.job.extract.Extractor} to a
 * {@link io.sightline.job.extract.ChunkSink} and the commit. This room prints nothing: {@code job.cli} shows what it reports.
 */
@NullMarked
package io.sightline.job.run;

import org.jspecify.annotations.NullMarked;
