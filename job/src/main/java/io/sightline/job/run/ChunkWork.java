package io.sightline.job.run;

import io.sightline.interleave.Interleaver;
import io.sightline.job.extract.BatchRunner;
import io.sightline.job.extract.ChunkSink;
import io.sightline.job.extract.JobGraph;
import io.sightline.job.extract.SplittingRunner;
import io.sightline.job.input.BatchPlanner;
import io.sightline.job.input.ChunkPrompts;
import io.sightline.job.input.TokenizedPrompt;
import io.sightline.job.model.Host;
import io.sightline.job.model.LoadedModel;
import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.RunTable;
import io.sightline.job.table.write.ChunkWriter;
import io.sightline.job.table.write.ErrorRow;
import io.sightline.job.table.write.PromptRef;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.executor.CommitDeniedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The work on one chunk, from rows to the commit. */
final class ChunkWork {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkWork.class);

    private final Assignment assignment;
    private final TaskContext task;
    private final Map<String, String> worker;
    private final int chunk;
    private final ChunkWriter writer;
    private final ChunkSink sink;
    private final BatchRunner runner;
    private final SplittingRunner splitting;
    private final TaskClock clock;
    private long preparedNanos;
    private long forwardEndNanos;
    private long badPrompts;
    private String firstError = "";

    /** @param worker who does it, for the commit record */
    ChunkWork(
            Assignment assignment,
            TaskContext task,
            LoadedModel model,
            Map<String, String> worker,
            int chunk,
            ChunkWriter writer,
            ChunkSink sink,
            TaskClock clock) {
        this.assignment = assignment;
        this.task = task;
        this.worker = worker;
        this.chunk = chunk;
        this.writer = writer;
        this.sink = sink;
        this.clock = clock;
        Interleaver interleaver =
                Interleaver.forBatches(JobGraph.of(assignment.graph()).trace(), model.runnable());
        this.runner = new BatchRunner(
                model, interleaver, assignment.captures(), assignment.values(), assignment.keepLastLogits());
        this.splitting = new SplittingRunner(runner::run, sink);
    }

    /** All of the chunk's prompts, and the commit. */
    ChunkReport run(ChunkPrompts.Tokenized prompts) throws InterruptedException, CommitDeniedException {
        prompts.bad().forEach(this::record);
        badPrompts = prompts.bad().size();
        report(0, 0, prompts.bad().size());
        preparedNanos = clock.elapsedNanos();
        int batches = forward(prompts.good());
        sink.drain();
        CommitTurn.require(task, chunk);
        forwardEndNanos = clock.elapsedNanos();
        CommitRecord record = writer.commit(() -> counters(batches), worker);
        count(batches);
        log(record);
        return new ChunkReport(
                chunk,
                record.rows(RunTable.PROMPTS),
                record.counters().getOrDefault("tokens", 0L),
                record.rows(RunTable.ERRORS),
                clock.elapsedNanos(),
                Host.peakMemoryBytes(),
                firstError.isEmpty() ? splitting.firstError() : firstError);
    }

    /** Some prompts, to see what they come to; nobody is told. */
    CommitRecord write(List<TokenizedPrompt> sample) throws InterruptedException {
        for (List<TokenizedPrompt> batch : BatchPlanner.plan(sample, assignment.batch())) {
            splitting.run(batch);
        }
        sink.drain();
        return writer.commit();
    }

    /** Puts prompts through the model; gives the number of batches. */
    private int forward(List<TokenizedPrompt> good) throws InterruptedException {
        List<List<TokenizedPrompt>> batches = BatchPlanner.plan(good, assignment.batch());
        for (List<TokenizedPrompt> batch : batches) {
            if (task.isInterrupted()) {
                throw new TaskKilledException("killed between two batches");
            }
            long tokens = splitting.tokens();
            long errors = splitting.errors();
            splitting.run(batch);
            report(batch.size(), splitting.tokens() - tokens, splitting.errors() - errors);
        }
        return batches.size();
    }

    private void record(ChunkPrompts.Bad bad) {
        String message = bad.reason().getMessage();
        firstError = firstError.isEmpty() ? bad.id() + ": " + message : firstError;
        splitting.error(new ErrorRow(
                new PromptRef(bad.ordinal(), bad.id()),
                bad.reason().stage(),
                bad.reason().reason().className(),
                message));
    }

    private void report(long prompts, long tokens, long errors) {
        long done = prompts == 0 ? errors : prompts;
        JobPlugin.send(new ProgressMessage(assignment.runId(), done, tokens, errors));
        RunMetrics.PROMPTS.inc(done);
        RunMetrics.TOKENS.inc(tokens);
        RunMetrics.ERRORS.inc(errors);
    }

    private void count(int batches) {
        RunMetrics.BATCHES.inc(batches);
        RunMetrics.SPLITS.inc(splitting.splits());
        RunMetrics.CAPTURED_BYTES.inc(splitting.capturedBytes());
        RunMetrics.FORWARD_NANOS.inc(runner.forwardNanos());
        RunMetrics.WRITER_WAIT_NANOS.inc(sink.waitedNanos());
    }

    /** What the commit record keeps, taken when the chunk's files are written and only the publishing is left. */
    private Map<String, Long> counters(int batches) {
        return Map.ofEntries(
                Map.entry("errors", splitting.errors() + badPrompts),
                Map.entry("tokens", splitting.tokens()),
                Map.entry("batches", (long) batches),
                Map.entry("splits", splitting.splits()),
                Map.entry("captured_bytes", splitting.capturedBytes()),
                Map.entry("forward_nanos", runner.forwardNanos()),
                Map.entry("copy_nanos", runner.copyNanos()),
                Map.entry("writer_wait_nanos", sink.waitedNanos()),
                Map.entry("prepare_nanos", preparedNanos),
                Map.entry("write_nanos", clock.elapsedNanos() - forwardEndNanos),
                Map.entry("until_commit_nanos", clock.elapsedNanos()),
                Map.entry("started_millis", clock.millis()),
                Map.entry("finished_millis", System.currentTimeMillis()));
    }

    private void log(CommitRecord record) {
        LOG.info(
                "chunk={} attempt={} host={} device={} gpu={} threads={} prompts={} errors={} tokens={} batches={} splits={} activations={} bytes={} "
                        + "prepare_ms={} forward_ms={} copy_ms={} writer_wait_ms={} write_ms={} total_ms={}",
                chunk,
                record.attempt(),
                worker.get("host"),
                worker.get("device"),
                worker.getOrDefault("gpu", "none"),
                worker.get("threads"),
                record.rows(RunTable.PROMPTS),
                record.rows(RunTable.ERRORS),
                splitting.tokens(),
                record.counters().get("batches"),
                splitting.splits(),
                record.rows(RunTable.ACTIVATIONS),
                record.bytes(),
                preparedNanos / 1_000_000,
                runner.forwardNanos() / 1_000_000,
                runner.copyNanos() / 1_000_000,
                sink.waitedNanos() / 1_000_000,
                record.counters().getOrDefault("write_nanos", 0L) / 1_000_000,
                clock.elapsedNanos() / 1_000_000);
    }
}
