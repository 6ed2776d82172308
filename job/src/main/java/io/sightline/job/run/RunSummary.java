package io.sightline.job.run;

import io.sightline.job.table.Manifest;

/**
 * How a run ended.
 *
 * @param location the run directory
 * @param forwardShare of the executors' time on chunks, how much was forward pass; NaN where nothing was left to do
 * @param peakMemoryBytes the most memory that any executor's process held, native memory included
 * @param modelBytes what the weights take
 * @param resumedChunks chunks that an earlier session had committed
 * @param firstError a bad prompt and what is wrong with it; empty if there is none
 */
public record RunSummary(
        String location,
        Manifest manifest,
        double forwardShare,
        long peakMemoryBytes,
        long modelBytes,
        int resumedChunks,
        String firstError) {}
