package io.sightline.job.cli;

import io.sightline.job.execute.RunSummary;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** A run's errors table in one line. */
final class BadPrompts {
    private BadPrompts() {}

    /** {@code 3 bad prompts: 2 EmptyText, 1 TooLong; see the errors table}, or {@code 0}. */
    static String counted(RunSummary summary, SparkSession session) {
        if (summary.manifest().counts() == null || summary.manifest().counts().errors() == 0) {
            return "0";
        }
        String errors =
                RunDirectory.of(summary.location()).table(RunTable.ERRORS).toString();
        String classes = session
                .read()
                .option("recursiveFileLookup", "true")
                .parquet(errors)
                .groupBy("error_class")
                .count()
                .orderBy(functions.col("count").desc(), functions.col("error_class"))
                .collectAsList()
                .stream()
                .map(row -> Numbers.count(row.getLong(1)) + " " + row.getString(0))
                .collect(Collectors.joining(", "));
        long count = summary.manifest().counts().errors();
        return Numbers.count(count) + (count == 1 ? " bad prompt: " : " bad prompts: ") + classes
                + "; see the errors table";
    }
}
