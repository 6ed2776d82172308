package io.sightline.job.run;

import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.executor.CommitDeniedException;

/**
 * Asks the driver, through Spark's {@code OutputCommitCoordinator}, whether this attempt is the one that may commit. Of a retried and a
 * speculative attempt only one is granted the commit; an executor that has lost its driver gets no answer and commits nothing.
 */
final class CommitTurn {
    private CommitTurn() {}

    /** @throws CommitDeniedException if another attempt has the turn; Spark does not count that as a failure */
    static void check(TaskContext task, int chunk) throws CommitDeniedException {
        boolean granted = SparkEnv.get()
                .outputCommitCoordinator()
                .canCommit(task.stageId(), task.stageAttemptNumber(), task.partitionId(), task.attemptNumber());
        if (!granted) {
            throw new CommitDeniedException(
                    "chunk " + chunk + " is being committed by another attempt than " + task.taskAttemptId(),
                    task.stageId(),
                    task.partitionId(),
                    task.attemptNumber());
        }
    }
}
