package io.sightline.job.report;

import io.sightline.job.table.TableSchemas;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * What a run's tables hold, as far as the figures to draw depend on it.
 *
 * @param captures by name
 * @param scalars saved values that are one number for each prompt and step, by name
 * @param group a kept column that divides the prompts into a few groups; null where there is none
 * @param prompts how many there are
 * @param hasVocabulary whether token ids can be spelled
 */
record RunContents(
        List<Capture> captures,
        List<Scalar> scalars,
        @Nullable String group,
        long prompts,
        boolean hasVocabulary) {
    private static final int MOST_GROUPS = 12;
    private static final int MOST_COLUMNS = 16;
    private static final List<DataType> GROUPING_TYPES =
            List.of(DataTypes.StringType, DataTypes.BooleanType, DataTypes.IntegerType, DataTypes.LongType);

    /**
     * @param hasLayers whether its modules are numbered
     * @param lastPosition the highest position; -1 where rows are pooled over tokens
     */
    record Capture(String name, boolean hasLayers, int lastPosition) {}

    /** @param isWhole whether all its numbers are whole and none is negative, as token ids are */
    record Scalar(String name, boolean isWhole) {}

    /** Reads each table once, and of it only the columns that decide. */
    static RunContents of(SparkSession spark) {
        List<Capture> captures = new ArrayList<>();
        for (Row row : rows(
                spark,
                "SELECT name, max(layer) IS NOT NULL, coalesce(max(position), -1) FROM activations GROUP BY name ORDER BY name")) {
            captures.add(new Capture(row.getString(0), row.getBoolean(1), row.getInt(2)));
        }
        List<Scalar> scalars = new ArrayList<>();
        for (Row row : rows(
                spark,
                "SELECT name, bool_and(value[0] >= 0 AND value[0] = floor(value[0])) FROM values GROUP BY name"
                        + " HAVING min(size(value)) = 1 AND max(size(value)) = 1 ORDER BY name")) {
            scalars.add(new Scalar(row.getString(0), row.getBoolean(1)));
        }
        List<String> kept = keptColumns(spark);
        Row counts = rows(
                        spark,
                        "SELECT count(*)"
                                + kept.stream()
                                        .map(column -> ", approx_count_distinct(" + SqlText.identifier(column) + ")")
                                        .collect(Collectors.joining())
                                + " FROM prompts")
                .get(0);
        String group = IntStream.range(0, kept.size())
                .filter(i -> counts.getLong(i + 1) > 1 && counts.getLong(i + 1) <= MOST_GROUPS)
                .mapToObj(kept::get)
                .findFirst()
                .orElse(null);
        return new RunContents(
                captures, scalars, group, counts.getLong(0), spark.catalog().tableExists("vocabulary"));
    }

    private static List<String> keptColumns(SparkSession spark) {
        List<String> fixed = List.of(TableSchemas.prompts(new StructType()).fieldNames());
        return Arrays.stream(spark.table("prompts").schema().fields())
                .filter(field -> GROUPING_TYPES.contains(field.dataType()))
                .map(StructField::name)
                .filter(name -> !fixed.contains(name))
                .limit(MOST_COLUMNS)
                .toList();
    }

    private static List<Row> rows(SparkSession spark, String sql) {
        return spark.sql(sql).collectAsList();
    }
}
