package io.sightline.job.sql.query;

import io.sightline.spelling.Nearest;
import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.SparkSession;

/** What to do about a statement that Spark refuses, where Spark itself does not say. */
final class SqlHints {
    private static final String READ_ONLY =
            "a run's tables are read-only, and nothing is stored beside them: name a query with"
                    + " CREATE TEMPORARY VIEW name AS SELECT …, or write its rows to a file with --format csv or json";

    private SqlHints() {}

    /** Spark's message with a suggestion for a misspelt function or table, or words of our own for tables that can't be made. */
    static String improved(AnalysisException wrong, SparkSession session) {
        String message = wrong.getSimpleMessage().strip();
        String kind = String.valueOf(wrong.getErrorClass());
        if (kind.startsWith("UNRESOLVED_ROUTINE")) {
            return message + Nearest.hint(name(wrong, "routineName"), names(session, "SHOW FUNCTIONS", 0));
        } else if (kind.startsWith("TABLE_OR_VIEW_NOT_FOUND")) {
            return message + Nearest.hint(name(wrong, "relationName"), names(session, "SHOW TABLES", 1));
        }
        return message.contains("spark.sql.catalogImplementation") ? READ_ONLY : message;
    }

    private static String name(AnalysisException wrong, String parameter) {
        String quoted = String.valueOf(wrong.getMessageParameters().get(parameter));
        return quoted.substring(quoted.lastIndexOf('.') + 1).replace("`", "");
    }

    private static List<String> names(SparkSession session, String query, int column) {
        return session.sql(query).collectAsList().stream()
                .map(row -> row.getString(column))
                .toList();
    }
}
