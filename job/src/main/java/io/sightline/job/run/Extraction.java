package io.sightline.job.run;

import io.sightline.job.config.ConfigException;
import io.sightline.job.config.JobFile;
import io.sightline.job.model.ModelPool;
import io.sightline.job.table.Manifest;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.files.DirectoryClaimedException;
import io.sightline.job.table.iceberg.IcebergLibrary;
import io.sightline.job.table.iceberg.IcebergRun;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkException;
import org.apache.spark.sql.SparkSession;

/**
 * A job from its file to its tables: {@link #prepare} checks it before anything is written, {@link #plan} reads the prompts,
 * {@link Planned#run} does the work.
 */
public final class Extraction implements AutoCloseable {
    private final Preparation preparation;
    private final OutputMode mode;
    private final RunDirectory run;
    private final RunFolder folder;

    private Extraction(Preparation preparation, OutputMode mode, RunFolder folder) {
        this.preparation = preparation;
        this.mode = mode;
        this.run = folder.run();
        this.folder = folder;
    }

    /**
     * Checks everything that can be checked without Spark, and opens the model; without its weights, where tasks run on executors.
     *
     * @throws IllegalArgumentException if something is wrong with the job file, its paths or the model
     * @throws io.sightline.graph.GraphException if the graph is refused
     */
    public static Extraction prepare(JobFile job, OutputMode mode, Configuration hadoop, TaskPlace place) {
        if (isIceberg(job)) {
            IcebergLibrary.require("output.format: 'iceberg'");
        }
        RunFolder folder =
                RunFolder.of(job.output().path(), TableFormat.of(job.output().format()), hadoop);
        try {
            folder.check(mode);
        } catch (ConfigException | DirectoryClaimedException e) {
            Preparation.checkWithoutWeights(job, hadoop);
            throw e;
        }
        return new Extraction(Preparation.begin(job, hadoop, place), mode, folder);
    }

    static boolean isIceberg(JobFile job) {
        return job.output().format().equals("iceberg");
    }

    /**
     * Reads and plans the prompts, and tries the graph on a few.
     *
     * @throws IllegalArgumentException if the prompts don't fit the job, or {@code --resume} would mix two runs
     */
    public Planned plan(SparkSession spark) {
        Preparation.Ready ready = withPrompts(spark);
        if (isIceberg(preparation.job())) {
            IcebergRun.requireTypes(ready.prompts().frame().kept());
        }
        Manifest.Identity identity = RunIdentity.of(preparation, ready.prompts().plan());
        try {
            if (mode == OutputMode.RESUME) {
                folder.checkSame(identity);
            }
        } catch (IOException e) {
            throw new ConfigException("output.path: cannot read " + run + ": " + e.getMessage(), e);
        }
        return new Planned(spark, ready, identity);
    }

    private Preparation.Ready withPrompts(SparkSession spark) {
        try {
            return preparation.withPrompts(spark);
        } catch (Exception e) {
            if (e instanceof SparkException) {
                throw new ConfigException(
                        "prompts: cannot read " + preparation.job().prompts().location() + ": "
                                + SparkFailures.reason(e),
                        e);
            }
            throw e;
        }
    }

    /** Frees the model, in this JVM. */
    @Override
    public void close() {
        preparation.close();
        ModelPool.closeAll();
    }

    /** A job whose prompts are known. */
    public final class Planned {
        private final SparkSession spark;
        private final Preparation.Ready ready;
        private final Manifest.Identity identity;
        private final Instant startedAt = Instant.now();

        private Planned(SparkSession spark, Preparation.Ready ready, Manifest.Identity identity) {
            this.spark = spark;
            this.ready = ready;
            this.identity = identity;
        }

        /** What to warn the user of. */
        public List<String> warnings() {
            return ready.inferred().warnings();
        }

        /** What {@link #run} would do and write; nothing is written. */
        public DryRunEstimate estimate() {
            return DryRun.estimate(spark, ready, Assignment.of(spark.sparkContext(), ready, run, null));
        }

        /**
         * Runs the chunks that are missing and ends with the manifest.
         *
         * @param watcher called periodically with the progress, on a thread of its own
         * @throws RunFailedException if it fails; committed chunks are kept, no manifest is written
         */
        public RunSummary run(Consumer<Progress.Snapshot> watcher) {
            return new RunSession(spark, ready, identity, mode, run, folder, startedAt).run(watcher);
        }
    }
}
