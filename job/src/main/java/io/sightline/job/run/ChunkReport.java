package io.sightline.job.run;

import java.io.Serializable;

/**
 * What a task reports to the driver when its chunk is committed; what the commit record says is not repeated here.
 *
 * @param nanos from the task's begin to the commit
 * @param firstError id and message of the first prompt that failed; empty if none did
 */
record ChunkReport(long nanos, long peakMemoryBytes, String firstError) implements Serializable {}
