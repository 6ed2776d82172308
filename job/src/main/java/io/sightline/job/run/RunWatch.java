package io.sightline.job.run;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;

/** Looks at a running job a few times a second: passes the progress on, and cancels the job when too many prompts have failed. */
final class RunWatch implements AutoCloseable {
    private static final long EVERY_MILLIS = 250;

    private final JavaSparkContext context;
    private final String runId;
    private final Progress progress;
    private final Consumer<Progress.Snapshot> watcher;
    private final long errorLimit;
    private final ScheduledExecutorService timer;
    private volatile boolean tooManyErrors;

    private RunWatch(
            JavaSparkContext context,
            String runId,
            Progress progress,
            Consumer<Progress.Snapshot> watcher,
            long errorLimit) {
        this.context = context;
        this.runId = runId;
        this.progress = progress;
        this.watcher = watcher;
        this.errorLimit = errorLimit;
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "sightline progress");
            thread.setDaemon(true);
            return thread;
        });
    }

    static RunWatch start(
            JavaSparkContext context,
            String runId,
            Progress progress,
            Consumer<Progress.Snapshot> watcher,
            long errorLimit) {
        RunWatch watch = new RunWatch(context, runId, progress, watcher, errorLimit);
        Progress.register(runId, progress);
        watch.timer.scheduleAtFixedRate(watch::look, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        return watch;
    }

    private void look() {
        watcher.accept(progress.snapshot());
        if (progress.errors() > errorLimit && !tooManyErrors) {
            tooManyErrors = true;
            context.cancelJobGroup(runId);
        }
    }

    /** @throws RunFailedException if it was cancelled for its errors */
    <T> T run(Supplier<T> work) {
        context.setJobGroup(runId, "sightline: extract activations", false);
        try {
            return work.get();
        } catch (Exception e) { // SparkException is checked, which Scala's methods do not declare
            if (tooManyErrors) {
                throw new RunFailedException(
                        progress.errors()
                                + " prompts failed so far, more than errors.limit allows; raise it and --resume, or fix the prompts",
                        e);
            }
            throw e;
        } finally {
            context.clearJobGroup();
        }
    }

    @Override
    public void close() {
        Progress.forget(runId);
        timer.shutdownNow();
        watcher.accept(progress.snapshot());
    }
}
