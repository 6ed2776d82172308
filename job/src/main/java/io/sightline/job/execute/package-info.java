/**
 * Running a job: the driver's checks and plan, and the code on executors that turns a chunk of prompts into committed rows.
 *
 * <p>The way of a chunk: {@link io.sightline.job.execute.ChunkTask} → {@link io.sightline.job.execute.SplittingRunner} →
 * {@link io.sightline.job.execute.BatchRunner} → {@link io.sightline.job.execute.CaptureTap} → {@link io.sightline.job.execute.ChunkSink}
 * → {@code job.table.write}. It prints nothing: {@code job.cli} shows what it reports.
 */
@NullMarked
package io.sightline.job.execute;

import org.jspecify.annotations.NullMarked;
