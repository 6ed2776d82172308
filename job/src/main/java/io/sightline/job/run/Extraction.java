package io.sightline.job.run;

import io.sightline.engine.Torch;
import io.sightline.job.config.ConfigException;
import io.sightline.job.config.JobFile;
import io.sightline.job.extract.ExtractionPlan;
import io.sightline.job.input.ChunkPlan;
import io.sightline.job.model.Host;
import io.sightline.job.model.ModelPool;
import io.sightline.job.model.TaskThreads;
import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.CommittedChunks;
import io.sightline.job.table.Manifest;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import io.sightline.job.table.iceberg.IcebergFolders;
import io.sightline.job.table.iceberg.IcebergLibrary;
import io.sightline.job.table.iceberg.IcebergRun;
import io.sightline.job.table.write.Compression;
import io.sightline.job.table.write.RunWriter;
import io.sightline.job.table.write.TableWriteException;
import io.sightline.job.table.write.WriteOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A job on its way: {@link #prepare} refuses what is wrong before anything is written, {@link #plan} reads the prompts, {@link #run} does
 * the work.
 */
public final class Extraction implements AutoCloseable {
    private final Preparation preparation;
    private final OutputMode mode;
    private final RunDirectory run;
    private final RunFolder folder;

    private Extraction(Preparation preparation, OutputMode mode, RunDirectory run, RunFolder folder) {
        this.preparation = preparation;
        this.mode = mode;
        this.run = run;
        this.folder = folder;
    }

    /**
     * Checks the job as far as that goes without Spark, and opens the model, without its weights where tasks run elsewhere.
     *
     * @throws IllegalArgumentException if something is wrong with the job file, its paths or the model
     * @throws io.sightline.graph.GraphException if the graph is refused
     */
    public static Extraction prepare(JobFile job, OutputMode mode, Configuration hadoop, TaskPlace place) {
        if (isIceberg(job)) {
            IcebergLibrary.require("output.format: 'iceberg'");
        }
        RunDirectory run = directory(job, mode, hadoop);
        RunFolder folder = new RunFolder(run, hadoop);
        try {
            folder.requireFree(mode);
        } catch (ConfigException e) {
            Preparation.checkWithoutWeights(job, hadoop);
            throw e;
        }
        return new Extraction(Preparation.begin(job, hadoop, place), mode, run, folder);
    }

    private static boolean isIceberg(JobFile job) {
        return job.output().format().equals("iceberg");
    }

    private static RunDirectory directory(JobFile job, OutputMode mode, Configuration hadoop) {
        try {
            RunDirectory run = RunDirectory.of(job.output().path());
            if (!isIceberg(job)) {
                return run;
            }
            return mode == OutputMode.OVERWRITE ? IcebergFolders.next(run, hadoop) : IcebergFolders.latest(run, hadoop);
        } catch (IllegalArgumentException | IOException e) {
            throw new ConfigException("output.path: " + e.getMessage(), e);
        }
    }

    /**
     * Reads and plans the prompts, tries the graph on a few.
     *
     * @throws IllegalArgumentException if the prompts don't fit, or {@code --resume} would mix two runs
     */
    public Planned plan(SparkSession spark) {
        Preparation.Ready ready = withPrompts(spark);
        if (isIceberg(preparation.job())) {
            IcebergRun.requireTypes(ready.prompts().frame().kept());
        }
        Manifest.Identity identity = RunIdentity.of(preparation, ready.prompts().plan());
        try {
            if (mode == OutputMode.RESUME) {
                folder.requireSame(identity);
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

        /** Things the user should be told. */
        public List<String> warnings() {
            return ready.inferred().warnings();
        }

        /** What {@link #run} would do and write; nothing is written. */
        public DryRunEstimate estimate() {
            return DryRun.estimate(spark, ready, assignment("dry-run-" + UUID.randomUUID(), run));
        }

        /**
         * Runs the chunks that are missing and ends with the manifest.
         *
         * @param watcher told from time to time how far it is, on a thread of its own
         * @throws RunFailedException if it fails; committed chunks are kept, no manifest stands
         */
        public RunSummary run(Consumer<Progress.Snapshot> watcher) {
            Manifest manifest = begun();
            RunFolder target;
            RunWriter writer;
            try {
                target = folder.ready(mode);
                writer = RunWriter.of(target.run(), options(), preparation.hadoop());
                target.writeRunning(manifest);
                if (mode == OutputMode.OVERWRITE) {
                    target.forgetFinished();
                }
                writer.clearStaging();
            } catch (IOException | TableWriteException e) {
                throw new RunFailedException("cannot write to " + run + ": " + e.getMessage(), e);
            }
            try {
                return work(target, writer, manifest, watcher);
            } catch (IOException e) {
                throw failed(
                        target,
                        manifest,
                        new RunFailedException("cannot read or write " + run + ": " + e.getMessage(), e));
            } catch (Exception e) { // SparkException is checked, which Scala's methods do not declare
                throw failed(target, manifest, SparkFailures.explained(e, run));
            }
        }

        private RunFailedException failed(RunFolder target, Manifest manifest, RunFailedException failure) {
            try {
                if (target.isDecided()) {
                    return new RunFailedException(
                            "the run is complete, but could not take the place of the one in " + run + ": "
                                    + failure.getMessage() + "; --resume finishes that",
                            failure);
                }
                CommittedChunks kept = target.committed();
                boolean showsAnother = mode != OutputMode.CREATE && target.hasIcebergTables();
                if (kept.numbers().isEmpty() && !showsAnother) {
                    target.delete();
                } else {
                    target.writeRunning(
                            manifest.ended(Manifest.Status.FAILED, Manifest.Counts.of(kept), timings(kept, List.of())));
                }
            } catch (IOException | RuntimeException e) {
                failure.addSuppressed(e);
            }
            return target.isSuccessor()
                    ? new RunFailedException(
                            failure.getMessage() + "; the run that it was to replace is as it was", failure)
                    : failure;
        }

        private RunSummary work(
                RunFolder target, RunWriter writer, Manifest manifest, Consumer<Progress.Snapshot> watcher)
                throws IOException {
            try (Publication publication = publication(target.run())) {
                return work(target, writer, manifest, watcher, publication);
            }
        }

        private Publication publication(RunDirectory target) throws IOException {
            if (!isIceberg(preparation.job())) {
                return Publication.NONE;
            }
            RunDirectory qualified = asExecutorsFindIt(target);
            qualified
                    .fileSystem(preparation.hadoop())
                    .mkdirs(qualified.file(RunTable.ACTIVATIONS, 0).getParent());
            IcebergRun tables = IcebergRun.open(
                    qualified, ready.prompts().frame().kept(), options().metadata(), preparation.hadoop());
            return IcebergPublication.start(qualified, tables, preparation.hadoop());
        }

        private RunSummary work(
                RunFolder target,
                RunWriter writer,
                Manifest manifest,
                Consumer<Progress.Snapshot> watcher,
                Publication publication)
                throws IOException {
            ChunkPlan plan = ready.prompts().plan();
            CommittedChunks before = target.committed();
            List<Integer> pending = IntStream.range(0, plan.chunks())
                    .filter(chunk -> !before.contains(chunk))
                    .boxed()
                    .toList();
            List<ChunkReport> reports =
                    pending.isEmpty() ? List.of() : runChunks(target.run(), pending, before, watcher);
            CommittedChunks after = target.committed();
            Manifest.Counts counts = Manifest.Counts.of(after);
            requireAll(after, plan);
            requireSome(counts, reports);
            requireErrorLimit(counts.errors());
            publication.finish(after);
            Manifest ended = manifest.in(Workers.environment(after.records(), manifest.environment()))
                    .ended(Manifest.Status.COMPLETE, counts, timings(after, pending));
            target.complete(ended, writer);
            return summary(ended, after, pending, reports, before.numbers().size());
        }

        private void requireAll(CommittedChunks committed, ChunkPlan plan) {
            if (committed.numbers().size() != plan.chunks()) {
                throw new RunFailedException(
                        "only " + committed.numbers().size() + " of " + plan.chunks()
                                + " chunks are committed; --resume does the rest",
                        null);
            }
        }

        private void requireSome(Manifest.Counts counts, List<ChunkReport> reports) {
            if (counts.prompts() == 0) {
                throw new RunFailedException(
                        "every one of the " + counts.errors() + " prompts failed"
                                + reports.stream()
                                        .map(ChunkReport::firstError)
                                        .filter(error -> !error.isEmpty())
                                        .findFirst()
                                        .map(error -> "; the first: " + error)
                                        .orElse(""),
                        null);
            }
        }

        private void requireErrorLimit(long errors) {
            Integer limit = preparation.job().errorLimit();
            if (limit != null && errors > limit) {
                throw new RunFailedException(
                        errors + " prompts failed, more than errors.limit (" + limit
                                + ") allows; raise it and --resume, or mend the prompts",
                        null);
            }
        }

        private List<ChunkReport> runChunks(
                RunDirectory target,
                List<Integer> pending,
                CommittedChunks before,
                Consumer<Progress.Snapshot> watcher) {
            JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
            Assignment assignment = assignment(UUID.randomUUID().toString(), target);
            long done = before.rows(RunTable.PROMPTS) + before.rows(RunTable.ERRORS);
            Progress progress = new Progress(ready.prompts().plan().prompts(), done);
            Integer limit = preparation.job().errorLimit();
            try (RunWatch watch = RunWatch.start(
                    context,
                    assignment.runId(),
                    progress,
                    watcher,
                    limit == null ? Long.MAX_VALUE : limit - before.rows(RunTable.ERRORS))) {
                return watch.run(() -> ready.prompts()
                        .chunks(pending)
                        .mapPartitionsWithIndex(new ChunkTask(context.broadcast(assignment), pending), true)
                        .collect());
            }
        }

        private Assignment assignment(String runId, RunDirectory target) {
            ExtractionPlan extraction = new ExtractionPlan(
                    runId,
                    preparation.spec(),
                    preparation.job().prompts(),
                    preparation.graph().json(),
                    ready.outputs(),
                    preparation.job().batch(),
                    TaskThreads.of(spark.sparkContext()),
                    new SerializableConfiguration(preparation.hadoop()));
            return new Assignment(extraction, ready.prompts().plan().rows(), asExecutorsFindIt(target), options());
        }

        /** An executor has a working directory of its own, so the run's must be absolute. */
        private RunDirectory asExecutorsFindIt(RunDirectory target) {
            try {
                return new RunDirectory(
                        target.root().getFileSystem(preparation.hadoop()).makeQualified(target.root()),
                        target.dataFolder());
            } catch (IOException e) {
                throw new ConfigException("output.path: cannot look at " + run + ": " + e.getMessage(), e);
            }
        }

        private WriteOptions options() {
            return WriteOptions.DEFAULT
                    .withCompression(Compression.of(preparation.job().output().compression()))
                    .withKept(ready.prompts().frame().kept())
                    .withMetadata("graph_hash", preparation.graph().hash())
                    .withMetadata("model_hash", preparation.spec().modelHash());
        }

        private Manifest begun() {
            ChunkPlan plan = ready.prompts().plan();
            JobFile job = preparation.job();
            return new Manifest(
                    Manifest.FORMAT_VERSION,
                    job.name(),
                    Manifest.Status.RUNNING,
                    job.source(),
                    job.overrides(),
                    identity,
                    new Manifest.Environment(
                            preparation.model().dtype().shortName(),
                            preparation.model().device().toString(),
                            job.model().attention().equals("eager") ? "eager" : "sdpa"),
                    versions(),
                    new Manifest.ChunkPlan(plan.chunks(), plan.prompts(), plan.hash()),
                    null,
                    null);
        }

        private Map<String, String> versions() {
            Map<String, String> versions = new TreeMap<>();
            versions.put("sightline", Version.SIGHTLINE);
            versions.put("spark", spark.version());
            versions.put("scala", scala.util.Properties.versionNumberString());
            versions.put("libtorch", Torch.version());
            versions.put("java", Runtime.version().toString());
            return versions;
        }

        private Manifest.Timings timings(CommittedChunks chunks, List<Integer> session) {
            Instant now = Instant.now();
            double seconds = Duration.between(startedAt, now).toMillis() / 1e3;
            long tokens = sum(chunks, session, "tokens");
            Map<String, Double> details = new TreeMap<>();
            for (String name : List.of("prepare", "forward", "copy", "writer_wait", "write")) {
                details.put(name, sum(chunks, session, name + "_nanos") / 1e9);
            }
            return new Manifest.Timings(
                    startedAt.toString(), now.toString(), seconds, tokens / Math.max(seconds, 1e-3), details);
        }

        private static long sum(CommittedChunks chunks, List<Integer> session, String counter) {
            return chunks.records().stream()
                    .filter(record -> session.contains(record.chunk()))
                    .map(CommitRecord::counters)
                    .mapToLong(counters -> counters.getOrDefault(counter, 0L))
                    .sum();
        }

        private RunSummary summary(
                Manifest ended, CommittedChunks after, List<Integer> pending, List<ChunkReport> reports, int resumed) {
            long busy = reports.stream().mapToLong(ChunkReport::nanos).sum();
            return new RunSummary(
                    run.toString(),
                    ended,
                    busy == 0 ? Double.NaN : (double) sum(after, pending, "forward_nanos") / busy,
                    reports.stream()
                            .mapToLong(ChunkReport::peakMemoryBytes)
                            .max()
                            .orElse(Host.peakMemoryBytes()),
                    preparation.model().parameterBytes(),
                    resumed,
                    reports.stream()
                            .map(ChunkReport::firstError)
                            .filter(error -> !error.isEmpty())
                            .findFirst()
                            .orElse(""));
        }
    }
}
