package io.sightline.job.sql.query;

import io.sightline.job.table.PublishedFiles;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import io.sightline.job.table.iceberg.IcebergFolders;
import io.sightline.job.table.iceberg.IcebergLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * The tables that lie in a run directory (or a probe directory): every visible subdirectory that holds Parquet files, and those of a run's
 * four that hold none.
 *
 * @param filled table name to its directory
 * @param iceberg those of them that are Iceberg tables
 * @param empty tables of the run without a row
 * @param commits the directory of its commit records, JSON; null where there are none
 * @param published which files of the tables count
 */
public record ReadableRun(
        Map<String, Path> filled,
        Set<String> iceberg,
        List<RunTable> empty,
        @Nullable Path commits,
        PublishedFiles published) {
    public ReadableRun {
        filled = new TreeMap<>(filled);
        iceberg = Set.copyOf(iceberg);
        empty = List.copyOf(empty);
    }

    /**
     * Looks into a directory.
     *
     * @param location a path or Hadoop URI
     * @throws IllegalArgumentException when there is nothing, a file, or a directory without tables
     * @throws IllegalStateException if one run is taking the place of another there just now
     */
    public static ReadableRun at(String location, Configuration hadoop) {
        try {
            Path root = new Path(location);
            FileSystem files = root.getFileSystem(hadoop);
            if (!files.exists(root)) {
                throw new IllegalArgumentException("there is no directory " + location);
            }
            return read(location, root, files, hadoop);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + location + ": " + e.getMessage(), e);
        }
    }

    private static ReadableRun read(String location, Path root, FileSystem files, Configuration hadoop)
            throws IOException {
        if (!files.getFileStatus(root).isDirectory()) {
            throw new IllegalArgumentException(location + " is a file; give the run directory it lies in");
        }
        Map<String, Path> filled = tables(root, files);
        boolean isRun = files.exists(new RunDirectory(root).manifest())
                || Arrays.stream(RunTable.values())
                        .anyMatch(table -> exists(files, new RunDirectory(root).table(table)));
        if (!isRun && filled.isEmpty()) {
            throw new IllegalArgumentException(notARun(location, root, files));
        }
        boolean ofRun = filled.isEmpty()
                || Arrays.stream(RunTable.values()).anyMatch(table -> filled.containsKey(table.directoryName()));
        List<RunTable> empty = Arrays.stream(RunTable.values())
                .filter(table -> ofRun && !filled.containsKey(table.directoryName()))
                .toList();
        Path commits = new RunDirectory(root).commits();
        return new ReadableRun(
                filled,
                icebergTables(filled, files),
                empty,
                exists(files, commits) ? commits : null,
                PublishedFiles.of(new RunDirectory(root), hadoop));
    }

    private static Set<String> icebergTables(Map<String, Path> tables, FileSystem files) throws IOException {
        Set<String> iceberg = new HashSet<>();
        for (Map.Entry<String, Path> table : tables.entrySet()) {
            if (IcebergFolders.isTable(files, table.getValue())) {
                IcebergLibrary.require("the table " + table.getValue());
                iceberg.add(table.getKey());
            }
        }
        return iceberg;
    }

    private static Map<String, Path> tables(Path root, FileSystem files) throws IOException {
        Map<String, Path> tables = new LinkedHashMap<>();
        for (FileStatus entry : files.listStatus(root)) {
            Path path = entry.getPath();
            if (entry.isDirectory()
                    && isVisible(path)
                    && (IcebergFolders.isTable(files, path) || holdsParquet(files, path))) {
                tables.put(path.getName(), path);
            }
        }
        return tables;
    }

    private static boolean holdsParquet(FileSystem files, Path directory) throws IOException {
        for (FileStatus entry : files.listStatus(directory)) {
            Path path = entry.getPath();
            boolean found = entry.isDirectory()
                    ? holdsParquet(files, path)
                    : path.getName().endsWith(".parquet");
            if (found && isVisible(path)) {
                return true;
            }
        }
        return false;
    }

    /** As Spark, DuckDB and pyarrow have it. */
    private static boolean isVisible(Path path) {
        return !path.getName().startsWith("_") && !path.getName().startsWith(".");
    }

    private static String notARun(String location, Path root, FileSystem files) throws IOException {
        List<String> inside = new ArrayList<>();
        for (FileStatus entry : files.listStatus(root)) {
            if (entry.isDirectory() && exists(files, new RunDirectory(entry.getPath()).manifest())) {
                inside.add(new Path(location, entry.getPath().getName()).toString());
            }
        }
        String wanted = Stream.of(RunTable.values())
                .map(RunTable::directoryName)
                .toList()
                .toString();
        return location + " is not a run directory: it has no manifest.json and none of the tables " + wanted
                + (inside.isEmpty()
                        ? "; give the output.path of a job that has run"
                        : "; did you mean " + String.join(" or ", inside) + "?");
    }

    private static boolean exists(FileSystem files, Path path) {
        try {
            return files.exists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }
}
