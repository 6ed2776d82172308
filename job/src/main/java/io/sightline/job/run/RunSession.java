package io.sightline.job.run;

import io.sightline.engine.Torch;
import io.sightline.job.config.JobFile;
import io.sightline.job.input.ChunkPlan;
import io.sightline.job.model.Host;
import io.sightline.job.table.CommittedChunks;
import io.sightline.job.table.Manifest;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import io.sightline.job.table.iceberg.IcebergRun;
import io.sightline.job.table.write.RunWriter;
import io.sightline.job.table.write.TableWriteException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** One session of a run, on the driver: from the first change of the output directory to the finished manifest. */
final class RunSession {
    private final SparkSession spark;
    private final Preparation.Ready ready;
    private final Preparation preparation;
    private final Manifest.Identity identity;
    private final OutputMode mode;
    private final RunDirectory run;
    private final RunFolder folder;
    private final Instant startedAt;

    /** @param startedAt when the job was planned */
    RunSession(
            SparkSession spark,
            Preparation.Ready ready,
            Manifest.Identity identity,
            OutputMode mode,
            RunDirectory run,
            RunFolder folder,
            Instant startedAt) {
        this.spark = spark;
        this.ready = ready;
        this.preparation = ready.job();
        this.identity = identity;
        this.mode = mode;
        this.run = run;
        this.folder = folder;
        this.startedAt = startedAt;
    }

    RunSummary run(Consumer<Progress.Snapshot> watcher) {
        Manifest manifest = begun();
        RunFolder target;
        RunWriter writer;
        try {
            target = folder.ready(mode);
            writer = RunWriter.of(target.run(), Assignment.options(ready), preparation.hadoop());
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
                    target, manifest, new RunFailedException("cannot read or write " + run + ": " + e.getMessage(), e));
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
                target.writeRunning(manifest.ended(
                        Manifest.Status.FAILED,
                        Manifest.Counts.of(kept),
                        new SessionTimings(startedAt, kept, List.of()).untilNow()));
            }
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
        return target.isSuccessor()
                ? new RunFailedException(
                        failure.getMessage() + "; the run that it was to replace is as it was", failure)
                : failure;
    }

    private RunSummary work(RunFolder target, RunWriter writer, Manifest manifest, Consumer<Progress.Snapshot> watcher)
            throws IOException {
        try (Publication publication = publication(target.run())) {
            return work(target, writer, manifest, watcher, publication);
        }
    }

    private Publication publication(RunDirectory target) throws IOException {
        if (!Extraction.isIceberg(preparation.job())) {
            return Publication.NONE;
        }
        RunDirectory qualified = Assignment.absolute(target, preparation.hadoop());
        qualified
                .fileSystem(preparation.hadoop())
                .mkdirs(qualified.file(RunTable.ACTIVATIONS, 0).getParent());
        IcebergRun tables = IcebergRun.open(
                qualified,
                ready.prompts().frame().kept(),
                Assignment.options(ready).metadata(),
                preparation.hadoop());
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
        List<ChunkReport> reports = pending.isEmpty() ? List.of() : runChunks(target.run(), pending, before, watcher);
        CommittedChunks after = target.committed();
        Manifest.Counts counts = Manifest.Counts.of(after);
        checkAllCommitted(after, plan);
        checkAnyPromptSucceeded(counts, reports);
        checkErrorLimit(counts.errors());
        publication.finish(after);
        SessionTimings timings = new SessionTimings(startedAt, after, pending);
        Manifest ended = manifest.in(Workers.environment(after.records(), manifest.environment()))
                .ended(Manifest.Status.COMPLETE, counts, timings.untilNow());
        target.complete(ended, writer);
        return summary(ended, timings, reports, before.numbers().size());
    }

    private void checkAllCommitted(CommittedChunks committed, ChunkPlan plan) {
        if (committed.numbers().size() != plan.chunks()) {
            throw new RunFailedException(
                    "only " + committed.numbers().size() + " of " + plan.chunks()
                            + " chunks are committed; --resume does the rest",
                    null);
        }
    }

    private void checkAnyPromptSucceeded(Manifest.Counts counts, List<ChunkReport> reports) {
        String first = firstError(reports);
        if (counts.prompts() == 0) {
            throw new RunFailedException(
                    "every one of the " + counts.errors() + " prompts failed"
                            + (first.isEmpty() ? "" : "; the first: " + first),
                    null);
        }
    }

    private void checkErrorLimit(long errors) {
        Integer limit = preparation.job().errorLimit();
        if (limit != null && errors > limit) {
            throw new RunFailedException(
                    errors + " prompts failed, more than errors.limit (" + limit
                            + ") allows; raise it and --resume, or fix the prompts",
                    null);
        }
    }

    private List<ChunkReport> runChunks(
            RunDirectory target, List<Integer> pending, CommittedChunks before, Consumer<Progress.Snapshot> watcher) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Assignment assignment = Assignment.of(spark.sparkContext(), ready, target);
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

    /** Empty if no prompt failed. */
    private static String firstError(List<ChunkReport> reports) {
        return reports.stream()
                .map(ChunkReport::firstError)
                .filter(error -> !error.isEmpty())
                .findFirst()
                .orElse("");
    }

    private RunSummary summary(Manifest ended, SessionTimings timings, List<ChunkReport> reports, int resumed) {
        long busy = reports.stream().mapToLong(ChunkReport::nanos).sum();
        return new RunSummary(
                run.toString(),
                ended,
                busy == 0 ? Double.NaN : (double) timings.sum("forward_nanos") / busy,
                reports.stream().mapToLong(ChunkReport::peakMemoryBytes).max().orElse(Host.peakMemoryBytes()),
                preparation.model().parameterBytes(),
                resumed,
                firstError(reports));
    }
}
