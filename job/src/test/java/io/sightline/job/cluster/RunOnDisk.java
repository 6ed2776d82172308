package io.sightline.job.cluster;

import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.CommittedChunks;
import io.sightline.job.table.Manifest;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.iceberg.IcebergCatalogs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A run directory, looked at from outside while others work in it. */
record RunOnDisk(Path directory) {
    private static final Pattern ATTEMPT = Pattern.compile("chunk-\\d+-(app-\\d+-\\d+-(\\d+)-\\d+)");

    /**
     * A chunk that an executor is writing.
     *
     * @param name of the attempt
     */
    record Attempt(String name, String executor) {}

    int committed() {
        return list(directory.resolve("_commits")).size();
    }

    /** Names of the attempts that committed the chunks that are committed. */
    Set<String> committedAttempts() {
        try {
            return commits().stream().map(CommitRecord::attempt).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Attempts that have begun and have not cleaned up: at work, or killed at it. */
    List<Attempt> attempts() {
        return list(directory.resolve("_staging")).stream()
                .map(path -> ATTEMPT.matcher(path.getFileName().toString()))
                .filter(Matcher::matches)
                .map(matcher -> new Attempt(matcher.group(1), matcher.group(2)))
                .toList();
    }

    private static List<Path> list(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<CommitRecord> commits() throws IOException {
        return List.copyOf(CommittedChunks.read(RunDirectory.of(directory.toString()), new Configuration())
                .records());
    }

    Manifest manifest() throws IOException {
        return Manifest.fromJson(Files.readString(directory.resolve("manifest.json")));
    }

    private Dataset<Row> rows(SparkSession spark, String table) {
        Path place = directory.resolve(table);
        return Files.exists(place.resolve("metadata"))
                ? spark.table(
                        IcebergCatalogs.identifier(spark, "on_disk", new org.apache.hadoop.fs.Path(place.toString())))
                : spark.read().parquet(place.toString());
    }

    /**
     * For each table its rows, its distinct keys, and two sums over a hash of every row as Spark reads them back: equal if the tables hold
     * the same rows, bit for bit.
     */
    List<String> contents(SparkSession spark) {
        return Stream.of(
                        "activations prompt_id,name,module,io,step,position",
                        "values prompt_id,name,step",
                        "prompts prompt_id",
                        "errors prompt_id")
                .map(each -> each.split(" ", 2))
                .map(table -> table[0] + ": "
                        + rows(spark, table[0])
                                .selectExpr("struct(" + table[1] + ") as key", "xxhash64(struct(*)) as hash")
                                .selectExpr(
                                        "count(*)",
                                        "count(distinct key)",
                                        "sum(cast(hash as decimal(38, 0)))",
                                        "bit_xor(hash)")
                                .first())
                .toList();
    }
}
