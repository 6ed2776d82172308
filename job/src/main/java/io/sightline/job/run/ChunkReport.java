package io.sightline.job.run;

import io.sightline.job.table.CommitRecord;
import java.io.Serializable;

/**
 * What a task reports to the driver when its chunk is committed.
 *
 * @param record the chunk's commit record, which the driver need not read again
 * @param nanos from the task's begin to the commit
 * @param firstError id and message of the first prompt that failed; empty if none did
 */
record ChunkReport(CommitRecord record, long nanos, long peakMemoryBytes, String firstError) implements Serializable {}
