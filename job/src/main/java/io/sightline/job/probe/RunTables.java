package io.sightline.job.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightline.job.config.ConfigException;
import io.sightline.job.config.ModulePattern;
import io.sightline.job.table.Columns;
import io.sightline.job.table.PublishedFiles;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import io.sightline.job.table.iceberg.IcebergCatalogs;
import io.sightline.job.table.iceberg.IcebergFolders;
import io.sightline.job.table.iceberg.IcebergLibrary;
import io.sightline.spelling.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The tables of one run that probes need.
 *
 * @param run the run's number in the probe file
 * @param manifest the run's manifest, or a missing node
 */
record RunTables(int run, String name, String path, Dataset<Row> activations, Dataset<Row> prompts, JsonNode manifest) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws ConfigException if the directory does not exist or is not a run directory */
    static RunTables open(SparkSession spark, int run, String name, String path) {
        RunDirectory directory = RunDirectory.of(path);
        try {
            FileSystem files = directory.fileSystem(spark.sparkContext().hadoopConfiguration());
            checkRun(directory, files);
            PublishedFiles published =
                    PublishedFiles.of(directory, spark.sparkContext().hadoopConfiguration());
            return new RunTables(
                    run,
                    name,
                    path,
                    rows(spark, run, files, directory.table(RunTable.ACTIVATIONS), published),
                    rows(spark, run, files, directory.table(RunTable.PROMPTS), published),
                    manifest(files, directory.manifest()));
        } catch (IOException e) {
            throw new ConfigException("run: cannot read '" + path + "': " + e.getMessage(), e);
        } catch (Exception e) {
            // Spark's AnalysisException (no Parquet file there) is checked, and no signature declares it.
            if (e instanceof ConfigException) {
                throw e;
            }
            throw new ConfigException("run: cannot read the tables of '" + path + "': " + e.getMessage(), e);
        }
    }

    private static Dataset<Row> rows(
            SparkSession spark, int run, FileSystem files, Path table, PublishedFiles published) throws IOException {
        if (!IcebergFolders.isTable(files, table)) {
            Dataset<Row> rows = spark.read().parquet(table.toString());
            return published.all() ? rows : rows.filter(published.condition());
        }
        try {
            IcebergLibrary.require("the table " + table);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("run: " + e.getMessage(), e);
        }
        return spark.table(IcebergCatalogs.identifier(spark, "run" + run, table));
    }

    /** @throws ConfigException if it is not a run directory, saying what it is where that is known */
    static void checkRun(RunDirectory directory, FileSystem files) throws IOException {
        for (RunTable table : List.of(RunTable.ACTIVATIONS, RunTable.PROMPTS)) {
            if (!files.exists(directory.table(table))) {
                boolean holdsProbes = files.exists(new Path(directory.root(), ProbeOutput.CONTENT));
                throw new ConfigException("run: '" + directory + "' "
                        + (holdsProbes ? "is the output of a probe" : "has no " + table.directoryName() + "/ directory")
                        + ": expected the output of 'sightline run'");
            }
        }
    }

    private static JsonNode manifest(FileSystem files, Path path) throws IOException {
        if (!files.exists(path)) {
            return JSON.missingNode();
        }
        try (InputStream in = files.open(path)) {
            return JSON.readTree(in);
        }
    }

    /**
     * The captured places that {@code filters} choose, in the order of capture and layer.
     *
     * @throws ConfigException if a filter chooses nothing, naming what there is
     */
    List<Cell> cells(List<ProbeFile.CaptureFilter> filters) {
        List<Cell> all = new ArrayList<>();
        List<Row> groups = activations
                .groupBy(Columns.NAME, Columns.MODULE, Columns.LAYER, Columns.IO)
                .count()
                .collectAsList();
        for (Row row : groups) {
            Integer layer = row.isNullAt(2) ? null : ((Number) row.get(2)).intValue();
            all.add(new Cell(run, name, row.getString(0), row.getString(1), layer, row.getString(3), row.getLong(4)));
        }
        all.sort(Comparator.comparing(Cell::name)
                .thenComparing(cell -> cell.layer() == null ? -1 : cell.layer())
                .thenComparing(Cell::module)
                .thenComparing(Cell::io));
        if (all.isEmpty()) {
            throw new ConfigException("run: '" + path + "' has no activations");
        }
        if (filters.isEmpty()) {
            return all;
        }
        Set<Cell> chosen = new LinkedHashSet<>();
        filters.forEach(filter -> chosen.addAll(matching(all, filter)));
        return all.stream().filter(chosen::contains).toList();
    }

    private List<Cell> matching(List<Cell> all, ProbeFile.CaptureFilter filter) {
        List<Cell> named = all.stream()
                .filter(cell -> filter.name() == null || filter.name().equals(cell.name()))
                .toList();
        if (named.isEmpty()) {
            List<String> names = all.stream().map(Cell::name).distinct().toList();
            throw new ConfigException("captures: run '" + name + "' has no capture named '" + filter.name() + "'"
                    + Nearest.hint(String.valueOf(filter.name()), names) + " (it has " + String.join(", ", names)
                    + ")");
        }
        ModulePattern modules = filter.modules();
        List<String> paths = modules == null
                ? named.stream().map(Cell::module).toList()
                : modules.matching(named.stream().map(Cell::module).distinct().toList());
        List<Cell> found = named.stream()
                .filter(cell -> paths.contains(cell.module()))
                .filter(cell -> filter.layers().isEmpty()
                        || (cell.layer() != null && filter.layers().contains(cell.layer())))
                .toList();
        if (found.isEmpty()) {
            throw new ConfigException("captures: run '" + name + "' has none of the layers " + filter.layers()
                    + "; it has layers "
                    + named.stream().map(Cell::layer).distinct().toList());
        }
        return found;
    }

    /** How long one vector of a cell is. */
    int width(Cell cell) {
        Row row = activations
                .filter(activations
                        .col(Columns.NAME)
                        .equalTo(cell.name())
                        .and(activations.col(Columns.MODULE).equalTo(cell.module()))
                        .and(activations.col(Columns.IO).equalTo(cell.io())))
                .select(vectorColumns())
                .first();
        if (row.isNullAt(0)) {
            return row.size() > 1 && !row.isNullAt(1) ? row.<byte[]>getAs(1).length / 2 : 1;
        }
        return row.getList(0).size();
    }

    private Column[] vectorColumns() {
        return Stream.of(Columns.VECTOR, Columns.VECTOR_F16)
                .filter(List.of(activations.columns())::contains)
                .map(activations::col)
                .toArray(Column[]::new);
    }
}
