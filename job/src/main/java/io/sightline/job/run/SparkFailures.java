package io.sightline.job.run;

import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.files.DirectoryClaimedException;
import io.sightline.job.table.write.TableWriteException;
import org.apache.spark.SparkException;

/** Finds, in what Spark throws when a job is aborted, the reason that a user can act on. */
final class SparkFailures {
    private SparkFailures() {}

    static RunFailedException explained(Exception e, RunDirectory run) {
        if (e instanceof RunFailedException already) {
            return already;
        }
        Throwable cause = root(e);
        String next = cause instanceof TableWriteException || cause instanceof DirectoryClaimedException
                ? ""
                : "; committed chunks are kept, --resume goes on after them";
        return new RunFailedException("the run into " + run + " failed: " + reason(e) + next, e);
    }

    /** What went wrong at the root, in one line. */
    static String reason(Throwable e) {
        Throwable cause = root(e);
        return cause instanceof SparkException
                ? sparkReason(cause)
                : (isOurs(cause) ? "" : cause.getClass().getSimpleName() + ": ") + cause.getMessage();
    }

    private static Throwable root(Throwable e) {
        Throwable at = e;
        while (at.getCause() != null && at.getCause() != at && !(at instanceof TableWriteException)) {
            at = at.getCause();
        }
        return at;
    }

    private static boolean isOurs(Throwable cause) {
        return cause.getClass().getName().startsWith("io.sightline")
                || cause instanceof IllegalStateException
                || cause instanceof IllegalArgumentException;
    }

    /** The first line of Spark's message, which has the last task's whole stack trace. */
    private static String sparkReason(Throwable cause) {
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }
}
