package io.sightline.job.run;

import java.io.Serializable;

/**
 * What a task tells the driver about its chunk.
 *
 * @param nanos from the task's begin to the commit
 */
record ChunkReport(
        int chunk, long prompts, long tokens, long errors, long nanos, long peakMemoryBytes, String firstError)
        implements Serializable {}
