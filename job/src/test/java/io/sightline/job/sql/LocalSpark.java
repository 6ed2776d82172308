package io.sightline.job.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.SparkSession;

/** A Spark session (of two threads unless told otherwise) that knows the vector functions by both doors. Closing it stops Spark. */
public final class LocalSpark implements AutoCloseable {
    private final SparkSession session;
    private final Path directory;

    private LocalSpark(SparkSession session, Path directory) {
        this.session = session;
        this.directory = directory;
    }

    public static LocalSpark start() {
        return start("local[2]");
    }

    public static LocalSpark start(String master) {
        try {
            Path directory = Files.createTempDirectory("sightline-sql-suite-");
            // Not at close(): a suite may hand the files to the command, which starts a Spark of its own.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> FileUtils.deleteQuietly(directory.toFile())));
            SparkSession session = SparkSession.builder()
                    .master(master)
                    .config("spark.ui.enabled", false)
                    .config("spark.sql.shuffle.partitions", 3)
                    .config(
                            "spark.sql.warehouse.dir",
                            directory.resolve("warehouse").toString())
                    .config("spark.sql.extensions", "io.sightline.job.sql.SightlineExtensions")
                    .config("spark.sql.catalog.sightline", "io.sightline.job.sql.VectorCatalog")
                    .getOrCreate();
            session.sparkContext().setLogLevel("OFF");
            return new LocalSpark(session, directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public SparkSession session() {
        return session;
    }

    /** A scratch directory for files. */
    public Path directory() {
        return directory;
    }

    @Override
    public void close() {
        session.stop();
        SparkSession.clearActiveSession();
        SparkSession.clearDefaultSession();
    }
}
