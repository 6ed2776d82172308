package io.sightline.job.report;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Small pieces of SQL that the questions share. */
final class SqlText {
    private SqlText() {}

    /** A string literal. */
    static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    /** An element id for a figure about {@code name}; distinct names that look alike get distinct ids. */
    static String id(String figure, String name) {
        String plain = name.replaceAll("[^A-Za-z0-9_]+", "-");
        return figure + "-" + plain + (plain.equals(name) ? "" : "-" + Integer.toHexString(name.hashCode()));
    }

    /** The first column of {@code sql}'s answer. */
    static List<String> strings(SparkSession spark, String sql) {
        return spark.sql(sql).collectAsList().stream()
                .map((Row row) -> row.getString(0))
                .toList();
    }
}
