package io.sightline.job.run;

import io.sightline.job.extract.BatchRunner;
import io.sightline.job.extract.ChunkSink;
import io.sightline.job.extract.RowSink;
import io.sightline.job.input.ChunkPrompts;
import io.sightline.job.model.Host;
import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.RunTable;
import io.sightline.job.table.write.ChunkWriter;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.executor.CommitDeniedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The work on one chunk, from token ids to the commit: progress, metrics and the commit record around a {@link BatchRunner}. */
final class ChunkWork {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkWork.class);

    private final String runId;
    private final int chunk;
    private final TaskContext task;
    private final Map<String, String> worker;
    private final ChunkWriter writer;
    private final ChunkSink sink;
    private final BatchRunner runner;
    private final TaskClock clock;
    private BatchRunner.Counts reported;
    private long preparedNanos;
    private long forwardEndNanos;

    /** @param worker who does it, for the commit record */
    ChunkWork(
            String runId,
            int chunk,
            TaskContext task,
            Map<String, String> worker,
            ChunkWriter writer,
            ChunkSink sink,
            BatchRunner runner,
            TaskClock clock) {
        this.runId = runId;
        this.chunk = chunk;
        this.task = task;
        this.worker = worker;
        this.writer = writer;
        this.sink = sink;
        this.runner = runner;
        this.clock = clock;
        this.reported = runner.counts();
    }

    ChunkReport run(ChunkPrompts.Tokenized prompts) throws InterruptedException, CommitDeniedException {
        prompts.bad().forEach(bad -> runner.fail(failure(bad)));
        report(prompts.bad().size());
        preparedNanos = clock.elapsedNanos();
        runner.run(prompts.good(), this::report);
        sink.drain();
        CommitTurn.check(task, chunk);
        forwardEndNanos = clock.elapsedNanos();
        CommitRecord record = writer.commit(this::counters, worker);
        BatchRunner.Counts counts = runner.counts();
        count(counts);
        log(record, counts);
        return new ChunkReport(record, clock.elapsedNanos(), Host.peakMemoryBytes(), counts.firstError());
    }

    private static RowSink.Failure failure(ChunkPrompts.Bad bad) {
        return new RowSink.Failure(
                bad.ordinal(),
                bad.id(),
                bad.reason().stage(),
                bad.reason().reason().className(),
                bad.reason().getMessage());
    }

    private void report(int prompts) {
        BatchRunner.Counts now = runner.counts();
        long tokens = now.tokens() - reported.tokens();
        long errors = now.errors() - reported.errors();
        reported = now;
        JobPlugin.send(new ProgressMessage(runId, prompts, tokens, errors));
        RunMetrics.PROMPTS.inc(prompts);
        RunMetrics.TOKENS.inc(tokens);
        RunMetrics.ERRORS.inc(errors);
    }

    private void count(BatchRunner.Counts counts) {
        RunMetrics.BATCHES.inc(counts.batches());
        RunMetrics.SPLITS.inc(counts.splits());
        RunMetrics.CAPTURED_BYTES.inc(counts.capturedBytes());
        RunMetrics.FORWARD_NANOS.inc(counts.forwardNanos());
        RunMetrics.WRITER_WAIT_NANOS.inc(sink.waitedNanos());
    }

    /** For the commit record, taken when the chunk's files are written and only the publishing is left. */
    private Map<String, Long> counters() {
        BatchRunner.Counts counts = runner.counts();
        return Map.ofEntries(
                Map.entry("errors", counts.errors()),
                Map.entry("tokens", counts.tokens()),
                Map.entry("batches", counts.batches()),
                Map.entry("splits", counts.splits()),
                Map.entry("captured_bytes", counts.capturedBytes()),
                Map.entry("forward_nanos", counts.forwardNanos()),
                Map.entry("copy_nanos", counts.copyNanos()),
                Map.entry("writer_wait_nanos", sink.waitedNanos()),
                Map.entry("prepare_nanos", preparedNanos),
                Map.entry("write_nanos", clock.elapsedNanos() - forwardEndNanos),
                Map.entry("until_commit_nanos", clock.elapsedNanos()),
                Map.entry("started_millis", clock.millis()),
                Map.entry("finished_millis", System.currentTimeMillis()));
    }

    private void log(CommitRecord record, BatchRunner.Counts counts) {
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
                counts.tokens(),
                record.counters().get("batches"),
                counts.splits(),
                record.rows(RunTable.ACTIVATIONS),
                record.bytes(),
                preparedNanos / 1_000_000,
                counts.forwardNanos() / 1_000_000,
                counts.copyNanos() / 1_000_000,
                sink.waitedNanos() / 1_000_000,
                record.counters().getOrDefault("write_nanos", 0L) / 1_000_000,
                clock.elapsedNanos() / 1_000_000);
    }
}
