/**
 * Writes a run's tables: Parquet pages built straight from {@code float[]}, chunk by chunk, through a hidden staging place to an atomic
 * commit.
 *
 * <p>{@link io.sightline.job.table.write.RunWriter} opens a {@link io.sightline.job.table.write.ChunkWriter}; {@code job.extract} fills
 * and commits it. What the tables look like is said in {@code job.table}; which chunk holds which prompts in {@code job.input}.
 */
@NullMarked
package io.sightline.job.table.write;

import org.jspecify.annotations.NullMarked;
