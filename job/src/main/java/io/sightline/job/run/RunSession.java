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
        try (ClaimedRun target = opened()) {
            try (Publication publication = publication(target.run())) {
                return work(target, watcher, publication);
            } catch (IOException e) {
                throw failed(target, new RunFailedException("cannot read or write " + run + ": " + e.getMessage(), e));
            } catch (Exception e) { // SparkException is checked, which Scala's methods do not declare
                throw failed(target, SparkFailures.explained(e, run));
            }
        }
    }

    private ClaimedRun opened() {
        try {
            return folder.open(mode, begun());
        } catch (IOException e) {
            throw new RunFailedException("cannot write to " + run + ": " + e.getMessage(), e);
        }
    }

    private RunFailedException failed(ClaimedRun target, RunFailedException failure) {
        try {
            if (target.isDecided()) {
                return new RunFailedException(
                        "the run is complete, but could not take the place of the one in " + run + ": "
                                + failure.getMessage() + "; --resume finishes that",
                        failure);
            }
            CommittedChunks kept = target.committed();
            SessionTimings timings = new SessionTimings(startedAt, kept, List.of());
            target.fail(
                    target.manifest().ended(Manifest.Status.FAILED, Manifest.Counts.of(kept), timings.untilNow()),
                    kept);
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
        return target.isSuccessor()
                ? new RunFailedException(
                        failure.getMessage() + "; the run that it was to replace is as it was", failure)
                : failure;
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

    private RunSummary work(ClaimedRun target, Consumer<Progress.Snapshot> watcher, Publication publication)
            throws IOException {
        ChunkPlan plan = ready.prompts().plan();
        CommittedChunks before = target.before();
        List<Integer> pending = IntStream.range(0, plan.chunks())
                .filter(chunk -> !before.contains(chunk))
                .boxed()
                .toList();
        List<ChunkReport> reports = pending.isEmpty() ? List.of() : runChunks(target, pending, before, watcher);
        CommittedChunks after =
                target.committed(reports.stream().map(ChunkReport::record).toList());
        Manifest.Counts counts = Manifest.Counts.of(after);
        checkAllCommitted(after, plan);
        checkAnyPromptSucceeded(counts, reports);
        checkErrorLimit(counts.errors());
        publication.finish(after);
        SessionTimings timings = new SessionTimings(startedAt, after, pending);
        Manifest ended = target.manifest()
                .in(Workers.environment(after.records(), target.manifest().environment()))
                .ended(Manifest.Status.COMPLETE, counts, timings.untilNow());
        target.writeVocabulary(preparation.vocabulary(), Assignment.options(ready));
        target.complete(ended);
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
            ClaimedRun target, List<Integer> pending, CommittedChunks before, Consumer<Progress.Snapshot> watcher) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Assignment assignment = Assignment.of(spark.sparkContext(), ready, target.run(), target.owner());
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
