package io.sightline.job.sql.query;

import io.sightline.job.sql.SightlineExtensions;
import io.sightline.job.sql.VectorCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A Spark session with the vector functions and the views of some runs: of the k-th run as {@code runK.activations}, …, and of a run alone
 * also as {@code activations}, …. Closing it stops Spark and removes the scratch warehouse that holds the schemas.
 */
public final class SqlSession implements AutoCloseable {
    private final SparkSession spark;
    private final Path warehouse;
    private final int runs;
    private boolean knowsTokens;

    private SqlSession(SparkSession spark, Path warehouse, int runs) {
        this.spark = spark;
        this.warehouse = warehouse;
        this.runs = runs;
    }

    /** As {@link #open(SparkConf, List)}, with Spark's defaults on {@code master}. */
    public static SqlSession open(String master, List<String> runs) {
        return open(new SparkConf().setMaster(master), runs);
    }

    /**
     * Looks into the runs, starts Spark and registers them.
     *
     * @param given Spark's settings, with a master; they win over the session's own
     * @param runs run directories: paths or Hadoop URIs
     * @throws IllegalArgumentException when one of them is no run directory
     */
    public static SqlSession open(SparkConf given, List<String> runs) {
        Configuration hadoop = SparkHadoopUtil.get().newConfiguration(given);
        List<ReadableRun> readable =
                runs.stream().map(run -> ReadableRun.at(run, hadoop)).toList();
        Path warehouse = scratch();
        SqlSession session = new SqlSession(start(given.clone(), warehouse), warehouse, runs.size());
        try {
            session.register(readable);
            return session;
        } catch (Throwable e) { // Scala's AnalysisException is checked but undeclared
            session.close();
            throw e;
        }
    }

    /** Analyses a statement, and runs it if it is a command. The first one that calls {@code token} reads the vocabulary. */
    public Dataset<Row> sql(String statement) {
        if (!knowsTokens && TokenFunction.isCalledBy(statement)) {
            TokenFunction.register(spark, runs);
            knowsTokens = true;
        }
        return spark.sql(statement);
    }

    public SparkSession spark() {
        return spark;
    }

    @Override
    public void close() {
        spark.stop();
        FileUtils.deleteQuietly(warehouse.toFile());
    }

    private void register(List<ReadableRun> runs) {
        RunViews views = new RunViews(spark);
        for (int i = 0; i < runs.size(); i++) {
            views.register("run" + (i + 1), runs.get(i));
            if (runs.size() == 1) {
                views.register(runs.get(i));
            }
        }
    }

    private static SparkSession start(SparkConf conf, Path warehouse) {
        conf.setIfMissing("spark.app.name", "sightline sql")
                .setIfMissing("spark.ui.enabled", "false")
                .setIfMissing("spark.ui.showConsoleProgress", "false")
                .setIfMissing("spark.sql.jsonGenerator.ignoreNullFields", "false")
                .setIfMissing("spark.sql.catalog.sightline", VectorCatalog.class.getName())
                .setIfMissing("spark.sql.catalogImplementation", "in-memory")
                .set("spark.sql.warehouse.dir", warehouse.toUri().toString())
                .set("spark.sql.extensions", withOurs(conf.get("spark.sql.extensions", "")));
        if (conf.get("spark.master").startsWith("local")) {
            int cores = Runtime.getRuntime().availableProcessors();
            conf.setIfMissing("spark.sql.shuffle.partitions", Integer.toString(2 * cores));
            conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1").setIfMissing("spark.driver.host", "127.0.0.1");
        }
        return SparkSession.builder().config(conf).getOrCreate();
    }

    private static String withOurs(String extensions) {
        String ours = SightlineExtensions.class.getName();
        if (extensions.isBlank() || extensions.contains(ours)) {
            return extensions.isBlank() ? ours : extensions;
        }
        return extensions + "," + ours;
    }

    private static Path scratch() {
        try {
            return Files.createTempDirectory("sightline-sql-");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a scratch directory: " + e.getMessage(), e);
        }
    }
}
