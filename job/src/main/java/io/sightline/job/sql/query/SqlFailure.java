package io.sightline.job.sql.query;

import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.parser.ParseException;

/** What went wrong with a statement, in one message and without a stack trace. */
public final class SqlFailure {
    private SqlFailure() {}

    /** Spark's message with its place in the query and, where that helps, a suggestion, or what the deepest cause says. */
    public static String message(Throwable failure, SparkSession session) {
        if (failure instanceof ParseException wrong) {
            return String.valueOf(wrong.getMessage()).strip();
        }
        if (failure instanceof AnalysisException wrong) {
            return SqlHints.improved(wrong, session);
        }
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        if (cause != failure && isOfTheQuery(cause)) {
            return message(cause, session);
        }
        String message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message.strip();
    }

    /** Whether the statement itself is wrong (syntax, names, types), as opposed to its execution having failed. */
    public static boolean isOfTheQuery(Throwable failure) {
        return failure instanceof AnalysisException;
    }
}
