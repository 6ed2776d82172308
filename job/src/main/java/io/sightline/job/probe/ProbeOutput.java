package io.sightline.job.probe;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sightline.job.config.ConfigException;
import io.sightline.job.table.files.Claim;
import io.sightline.job.table.files.DirectoryClaimedException;
import io.sightline.job.table.files.DirectorySwap;
import io.sightline.job.table.files.StoredFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Writes an output directory whose contents appear at once, in the place of probes that were there: they grow in {@link DirectorySwap#next()}.
 * Closing before they are complete leaves what was there before.
 */
final class ProbeOutput implements AutoCloseable {
    /** What {@code manifest.json} says of itself; an overwrite wants to see it. */
    static final String CONTENT = "probes";

    private static final List<String> TABLES = List.of("probes", "directions", "splits");
    private static final Set<String> LEFTOVERS = Set.of(Claim.FOLDER, DirectorySwap.NEXT);
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final SparkSession spark;
    private final StoredFiles files;
    private final Path target;
    private final DirectorySwap swap;
    private final Claim claim;

    private ProbeOutput(SparkSession spark, StoredFiles files, Path target, Claim claim) {
        this.spark = spark;
        this.files = files;
        this.target = target;
        this.swap = new DirectorySwap(files, target, TABLES);
        this.claim = claim;
    }

    /**
     * Claims the directory.
     *
     * @throws ConfigException if the directory exists and is not to be overwritten, or holds something else than probes
     * @throws io.sightline.job.table.files.DirectoryClaimedException if another process is at work there
     */
    static ProbeOutput open(SparkSession spark, String location, ProbeJob.Existing existing) {
        try {
            Configuration hadoop = spark.sparkContext().hadoopConfiguration();
            checkFree(location, existing, hadoop);
            StoredFiles files = StoredFiles.of(new Path(location), hadoop);
            Path target = files.fileSystem().makeQualified(new Path(location));
            ProbeOutput output = new ProbeOutput(spark, files, target, Claim.take(target, hadoop));
            output.prepare(existing);
            return output;
        } catch (IOException e) {
            throw new ConfigException("output: cannot look at '" + location + "': " + e.getMessage(), e);
        }
    }

    /** Looks again, now that nobody else changes anything, and puts right what a job left that was killed. */
    private void prepare(ProbeJob.Existing existing) throws IOException {
        boolean prepared = false;
        try {
            checkFree(files, target, existing);
            if (swap.isDecided()) {
                swap.finish();
            }
            swap.discard();
            prepared = true;
        } finally {
            if (!prepared) {
                claim.close();
            }
        }
    }

    /** As {@link #open}, without opening anything. */
    static void checkFree(String location, ProbeJob.Existing existing, Configuration hadoop) throws IOException {
        StoredFiles files = StoredFiles.of(new Path(location), hadoop);
        checkFree(files, files.fileSystem().makeQualified(new Path(location)), existing);
    }

    private static void checkFree(StoredFiles files, Path target, ProbeJob.Existing existing) throws IOException {
        if (!files.exists(target)) {
            return;
        }
        boolean directory = files.fileSystem().getFileStatus(target).isDirectory();
        List<FileStatus> entries = directory ? files.list(target) : List.of();
        if (directory
                && entries.stream()
                        .allMatch(entry -> LEFTOVERS.contains(entry.getPath().getName()))) {
            return;
        }
        if (existing == ProbeJob.Existing.REFUSE) {
            throw new ConfigException(
                    "output: '" + target + "' exists; give another directory, or --overwrite to replace it");
        }
        if (!holdsProbes(files, new Path(target, DirectorySwap.MANIFEST))
                && !holdsProbes(files, new Path(target, DirectorySwap.DECIDED))) {
            throw new ConfigException("output: '" + target
                    + "' is not a probe output (its manifest.json does not say so), so --overwrite will not replace it; remove it yourself or give"
                    + " another directory");
        }
    }

    private static boolean holdsProbes(StoredFiles files, Path manifest) throws IOException {
        if (!files.exists(manifest)) {
            return false;
        }
        try (InputStream in = files.fileSystem().open(manifest)) {
            return CONTENT.equals(JSON.readTree(in).path("content").asText());
        }
    }

    void write(String table, StructType schema, List<Row> rows) {
        spark.createDataFrame(rows, schema)
                .coalesce(1)
                .write()
                .mode(SaveMode.ErrorIfExists)
                .option("compression", "zstd")
                .option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
                .parquet(new Path(swap.next(), table).toString());
    }

    /** Writes the manifest and makes the contents visible, in place of those that were there. */
    void commit(Map<String, Object> manifest) {
        try {
            claim.check();
            swap.decide(JSON.writeValueAsString(manifest) + "\n");
            swap.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot put the finished probes in place at " + target + ": " + e.getMessage(), e);
        }
    }

    /** Removes what was written, unless it was committed, and gives the directory back. */
    @Override
    public void close() {
        try (claim) {
            claim.check();
            if (!swap.isDecided()) {
                swap.discard();
            }
        } catch (DirectoryClaimedException takenOver) {
            return; // what is there is another process's
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + swap.next(), e);
        } finally {
            removeIfEmpty();
        }
    }

    private void removeIfEmpty() {
        try {
            if (files.exists(target) && files.list(target).isEmpty()) {
                files.fileSystem().delete(target, false);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + target, e);
        }
    }
}
