package io.sightline.job.probe;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.sightline.job.table.Columns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.hash.Murmur3_x86_32;

/** Brings the rows of cells to the partitions that work on them, each prompt's together and in order. */
final class ActivationRows {
    /** The most data sets to scan one by one: Spark plans each of them. */
    private static final int MOST_SCANS = 128;

    private static final long MOST_OPENED_FILES = 10_000;

    private static final StructType CELL_SCHEMA = new StructType()
            .add("cell_run", DataTypes.IntegerType)
            .add("cell_name", DataTypes.StringType)
            .add("cell_module", DataTypes.StringType)
            .add("cell_io", DataTypes.StringType)
            .add("destination", DataTypes.IntegerType);

    private final SparkSession spark;
    private final List<Dataset<Row>> activations;

    /** @param activations the activations table of each run, by the run's number */
    ActivationRows(SparkSession spark, List<Dataset<Row>> activations) {
        this.spark = spark;
        this.activations = activations;
    }

    /** The k-th cell's rows in the k-th partition. */
    Dataset<Row> eachInOnePartition(List<Cell> cells) {
        long opened = cells.stream()
                .mapToLong(cell -> activations.get(cell.run()).inputFiles().length)
                .sum();
        return cells.size() <= MOST_SCANS && opened <= MOST_OPENED_FILES ? scanned(cells) : shuffled(cells);
    }

    /** Each partition opens every file and reads only its own row groups, by the files' statistics. */
    Dataset<Row> scanned(List<Cell> cells) {
        return cells.stream()
                .map(cell -> ordered(of(List.of(cell)).coalesce(1)))
                .reduce(Dataset::union)
                .orElseThrow();
    }

    /** Reads every file once and shuffles its rows: for many files, where opening all of them in every partition would take longer. */
    Dataset<Row> shuffled(List<Cell> cells) {
        int[] keys = keysOfPartitions(cells.size());
        List<Row> table = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            Cell cell = cells.get(i);
            table.add(RowFactory.create(cell.run(), cell.name(), cell.module(), cell.io(), keys[i]));
        }
        Dataset<Row> destinations = broadcast(spark.createDataFrame(table, CELL_SCHEMA));
        return ordered(of(cells)
                .join(
                        destinations,
                        col("run")
                                .equalTo(col("cell_run"))
                                .and(col(Columns.NAME).equalTo(col("cell_name")))
                                .and(col(Columns.MODULE).equalTo(col("cell_module")))
                                .and(col(Columns.IO).equalTo(col("cell_io"))))
                .repartition(cells.size(), col("destination")));
    }

    private static Dataset<Row> ordered(Dataset<Row> rows) {
        return rows.sortWithinPartitions(Columns.PROMPT_ID, Columns.STEP, Columns.POSITION)
                .select(Columns.PROMPT_ID, Columns.VECTOR, Columns.VECTOR_F16);
    }

    /** One cell's rows, prompts spread over partitions. */
    Dataset<Row> spread(Cell cell, int partitions) {
        return ordered(of(List.of(cell)).repartition(partitions, col(Columns.PROMPT_ID)));
    }

    /** Filters that Parquet's statistics understand: a chunk's other modules are not read. */
    private Dataset<Row> of(List<Cell> cells) {
        Map<Integer, List<Cell>> byRun = cells.stream().collect(Collectors.groupingBy(Cell::run));
        return byRun.entrySet().stream()
                .map(entry -> ofRun(entry.getKey(), entry.getValue()))
                .reduce(Dataset::union)
                .orElseThrow();
    }

    private Dataset<Row> ofRun(int run, List<Cell> cells) {
        Dataset<Row> table = activations.get(run);
        List<String> columns = Arrays.asList(table.columns());
        return table.filter(isAnyOf(Columns.NAME, cells.stream().map(Cell::name).toList())
                        .and(isAnyOf(
                                Columns.MODULE, cells.stream().map(Cell::module).toList()))
                        .and(isAnyOf(Columns.IO, cells.stream().map(Cell::io).toList())))
                .select(
                        lit(run).as("run"),
                        col(Columns.NAME),
                        col(Columns.MODULE),
                        col(Columns.IO),
                        col(Columns.STEP),
                        col(Columns.POSITION),
                        col(Columns.PROMPT_ID),
                        vector(columns, Columns.VECTOR, "array<float>"),
                        vector(columns, Columns.VECTOR_F16, "binary"));
    }

    private static Column isAnyOf(String column, List<String> values) {
        return col(column).isin(values.stream().distinct().toArray());
    }

    private static Column vector(List<String> columns, String name, String type) {
        return (columns.contains(name) ? col(name).cast(type) : lit(null).cast(type)).as(name);
    }

    /** A number for each partition that Spark's hash partitioning sends there: Spark 3.5 has no way to name a partition directly. */
    static int[] keysOfPartitions(int partitions) {
        int[] keys = new int[partitions];
        boolean[] found = new boolean[partitions];
        int missing = partitions;
        for (int key = 0; missing > 0; key++) {
            int partition = Math.floorMod(Murmur3_x86_32.hashInt(key, 42), partitions);
            if (!found[partition]) {
                found[partition] = true;
                keys[partition] = key;
                missing--;
            }
        }
        return keys;
    }
}
