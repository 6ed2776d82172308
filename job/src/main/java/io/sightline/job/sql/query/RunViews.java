package io.sightline.job.sql.query;

import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import io.sightline.job.table.TableSchemas;
import io.sightline.job.table.iceberg.IcebergCatalogs;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Names a run's tables in a Spark session, as views: nothing can be written through them. */
public final class RunViews {
    private final SparkSession session;

    public RunViews(SparkSession session) {
        this.session = session;
    }

    /** Temporary views {@code activations}, {@code values}, …; views of the same names are replaced. */
    public void register(ReadableRun run) {
        // Not by CREATE TEMPORARY VIEW, which would list the files and read their schema again in every query.
        queries("run", run).forEach((table, query) -> session.sql(query).createOrReplaceTempView(quoted(table)));
    }

    /** Views {@code run1.activations}, {@code run1.values}, … in a schema of their own, which is made. */
    public void register(String schema, ReadableRun run) {
        session.sql("CREATE DATABASE IF NOT EXISTS " + quoted(schema));
        queries(schema, run)
                .forEach((table, query) -> session.sql(
                        "CREATE OR REPLACE VIEW %s.%s AS %s".formatted(quoted(schema), quoted(table), query)));
    }

    private Map<String, String> queries(String schema, ReadableRun run) {
        Map<String, String> queries = new LinkedHashMap<>();
        String published =
                run.published().all() ? "" : " WHERE " + run.published().condition();
        run.filled()
                .forEach((table, directory) -> queries.put(
                        table,
                        "SELECT * FROM "
                                + (run.iceberg().contains(table)
                                        ? IcebergCatalogs.identifier(session, schema, directory)
                                        : "parquet." + quoted(literal(directory))
                                                + (table.equals(RunDirectory.VOCABULARY) ? "" : published))));
        run.empty().forEach(table -> queries.put(table.directoryName(), noRows(table)));
        if (run.commits() != null) {
            queries.put(
                    "commits",
                    CommitsQuery.of(run.commits(), session.sparkContext().hadoopConfiguration()));
        }
        return queries;
    }

    private static String noRows(RunTable table) {
        return Arrays.stream(TableSchemas.of(table, new StructType()).fields())
                .map(RunViews::typedNull)
                .collect(Collectors.joining(", ", "SELECT ", " WHERE false"));
    }

    private static String typedNull(StructField field) {
        return "CAST(NULL AS %s) AS %s".formatted(field.dataType().sql(), quoted(field.name()));
    }

    /** Spark takes paths for glob patterns. */
    private static String literal(Path directory) {
        return directory.toString().replaceAll("([\\[\\]{}*?\\\\])", "\\\\$1");
    }

    private static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }
}
