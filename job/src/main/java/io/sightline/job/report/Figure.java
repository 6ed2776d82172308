package io.sightline.job.report;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * One figure: the rows that {@code sql} gave, and how the page draws them.
 *
 * @param id unique on the page, {@code norms-resid}
 * @param caption one or two sentences on how to read it
 * @param source the directory whose tables were asked, as it was given
 * @param sql the query; whoever runs it with {@code sightline sql SOURCE} gets the same rows
 * @param drawing which columns go where
 * @param columns the query's column names
 * @param rows numbers, strings, booleans or null
 */
record Figure(
        String id,
        String title,
        String caption,
        String source,
        String sql,
        Drawing drawing,
        List<String> columns,
        List<List<@Nullable Object>> rows) {

    /** The figure with the answer of {@code sql} as its rows; the query bounds their number itself. */
    static Figure ask(SparkSession spark, String id, String title, String caption, String sql, Drawing drawing) {
        Dataset<Row> answer = spark.sql(sql);
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (Row row : answer.collectAsList()) {
            List<@Nullable Object> cells = new ArrayList<>(row.size());
            for (int i = 0; i < row.size(); i++) {
                cells.add(cell(row.get(i)));
            }
            rows.add(cells);
        }
        return new Figure(id, title, caption, "", sql, drawing, List.of(answer.columns()), rows);
    }

    /** The same, with the directory it is about. */
    Figure about(String directory) {
        return new Figure(id, title, caption, directory, sql, drawing, columns, rows);
    }

    /** The same as one of several directories' figures: with ids and titles of their own. */
    Figure aboutOneOfSeveral(String directory, int number) {
        return new Figure(
                id + "-" + number, title + " (" + directory + ")", caption, directory, sql, drawing, columns, rows);
    }

    /** The same rows with another caption and drawing. */
    Figure drawnAs(String otherCaption, Drawing otherDrawing) {
        return new Figure(id, title, otherCaption, source, sql, otherDrawing, columns, rows);
    }

    boolean hasValues(String column) {
        int index = columns.indexOf(column);
        return rows.stream().anyMatch(row -> row.get(index) != null);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** JSON has no NaN and no decimals of Spark's. */
    private static @Nullable Object cell(@Nullable Object value) {
        if (value instanceof Double number && !Double.isFinite(number)) {
            return number.toString();
        } else if (value instanceof Float number && !Float.isFinite(number)) {
            return number.toString();
        } else if (value == null || value instanceof Number || value instanceof Boolean) {
            return value;
        }
        return value.toString();
    }
}
