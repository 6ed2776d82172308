package io.sightline.job.execute;

import java.io.Serializable;

/**
 * What a task tells the driver about its chunk.
 *
 * @param nanos from the first row to the commit
 */
record ChunkReport(
        int chunk, long prompts, long tokens, long errors, long nanos, long peakMemoryBytes, String firstError)
        implements Serializable {}
