package io.sightline.job.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sightline.job.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Writes an output directory that appears at once: everything goes into a hidden directory beside it, which is given the final name when it is complete.
 * Closing before that leaves nothing.
 */
final class ProbeOutput implements AutoCloseable {
    /** What {@code manifest.json} says of itself; an overwrite requires it. */
    static final String CONTENT = "probes";

    private static final String STAGING = ".staging";

    static final String MANIFEST = "manifest.json";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final SparkSession spark;
    private final FileSystem files;
    private final Path target;
    private final Path staging;

    private ProbeOutput(SparkSession spark, FileSystem files, Path target) {
        this.spark = spark;
        this.files = files;
        this.target = target;
        this.staging = new Path(target.getParent(), "." + target.getName() + "." + UUID.randomUUID() + STAGING);
    }

    /**
     * @throws ConfigException if the directory exists and is not to be overwritten, or holds something other than probes
     */
    static ProbeOutput open(SparkSession spark, String location, ProbeJob.Existing existing) {
        try {
            Configuration hadoop = spark.sparkContext().hadoopConfiguration();
            FileSystem files = new Path(location).getFileSystem(hadoop);
            if (files instanceof LocalFileSystem local) {
                files = local.getRawFileSystem();
            }
            Path target = files.makeQualified(new Path(location));
            checkFree(files, target, existing);
            removeLeftovers(files, target);
            return new ProbeOutput(spark, files, target);
        } catch (IOException e) {
            throw new ConfigException("output: cannot look at '" + location + "': " + e.getMessage(), e);
        }
    }

    /** A job that was killed could not remove what it had written; two jobs at once for one output are a mistake anyway. */
    private static void removeLeftovers(FileSystem files, Path target) throws IOException {
        if (!files.exists(target.getParent())) {
            return;
        }
        for (FileStatus sibling : files.listStatus(target.getParent())) {
            String name = sibling.getPath().getName();
            if (name.startsWith("." + target.getName() + ".") && name.endsWith(STAGING)) {
                files.delete(sibling.getPath(), true);
            }
        }
    }

    /** As {@link #open}, without opening anything. */
    static void checkFree(String location, ProbeJob.Existing existing, Configuration hadoop) throws IOException {
        FileSystem files = new Path(location).getFileSystem(hadoop);
        checkFree(files, files.makeQualified(new Path(location)), existing);
    }

    private static void checkFree(FileSystem files, Path target, ProbeJob.Existing existing) throws IOException {
        if (!files.exists(target)) {
            return;
        }
        if (existing == ProbeJob.Existing.REFUSE) {
            throw new ConfigException(
                    "output: '" + target + "' exists; give another directory, or --overwrite to replace it");
        }
        Path manifest = new Path(target, MANIFEST);
        boolean empty = files.getFileStatus(target).isDirectory() && files.listStatus(target).length == 0;
        if (!empty && !(files.exists(manifest) && holdsProbes(files, manifest))) {
            throw new ConfigException("output: '" + target
                    + "' is not a probe output (its manifest.json does not say so), so --overwrite will not replace it; remove it yourself or give"
                    + " another directory");
        }
    }

    private static boolean holdsProbes(FileSystem files, Path manifest) throws IOException {
        try (InputStream in = files.open(manifest)) {
            JsonNode tree = JSON.readTree(in);
            return CONTENT.equals(tree.path("content").asText());
        }
    }

    void write(String table, StructType schema, List<Row> rows) {
        spark.createDataFrame(rows, schema)
                .coalesce(1)
                .write()
                .mode(SaveMode.ErrorIfExists)
                .option("compression", "zstd")
                .option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
                .parquet(new Path(staging, table).toString());
    }

    /** Writes the manifest and makes the directory visible, in place of one that was there. */
    void commit(Map<String, Object> manifest) {
        try {
            try (OutputStream out = files.create(new Path(staging, MANIFEST))) {
                out.write((JSON.writeValueAsString(manifest) + "\n").getBytes(StandardCharsets.UTF_8));
            }
            if (files.exists(target)) {
                files.delete(target, true);
            }
            if (!files.rename(staging, target)) {
                throw new IOException("the file system refused the rename");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot put the finished probes in place at " + target + ": " + e.getMessage(), e);
        }
    }

    /** Removes what was written, unless it was committed. */
    @Override
    public void close() {
        try {
            files.delete(staging, true);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + staging, e);
        }
    }
}
