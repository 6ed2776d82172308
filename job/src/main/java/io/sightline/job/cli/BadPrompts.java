package io.sightline.job.cli;

import io.sightline.job.run.RunSummary;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import io.sightline.job.table.iceberg.IcebergCatalogs;
import io.sightline.job.table.iceberg.IcebergFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
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
        String classes = errors(RunDirectory.of(summary.location()), session)
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

    private static Dataset<Row> errors(RunDirectory run, SparkSession session) {
        Path table = run.table(RunTable.ERRORS);
        try {
            FileSystem files = run.fileSystem(session.sparkContext().hadoopConfiguration());
            if (IcebergFolders.isTable(files, table)) {
                return session.table(IcebergCatalogs.identifier(session, "errors", table));
            }
            return session.read().parquet(table.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + table, e);
        }
    }
}
