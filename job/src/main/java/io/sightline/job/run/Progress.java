package io.sightline.job.run;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How far a run is, on the driver. Thread-safe. A batch done twice (a lost executor's) counts twice until the run ends. */
public final class Progress {
    private static final Map<String, Progress> RUNNING = new ConcurrentHashMap<>();

    private final long startedNanos = System.nanoTime();
    private final long totalPrompts;
    private final long donePromptsBefore;
    private final LongAdder prompts = new LongAdder();
    private final LongAdder tokens = new LongAdder();
    private final LongAdder errors = new LongAdder();

    Progress(long totalPrompts, long donePromptsBefore) {
        this.totalPrompts = totalPrompts;
        this.donePromptsBefore = donePromptsBefore;
    }

    /**
     * A moment of a run.
     *
     * @param prompts done so far, bad ones and those of earlier sessions included
     * @param tokens real tokens that went through the model in this session
     * @param secondsLeft NaN while there is no estimate
     */
    public record Snapshot(
            long prompts,
            long totalPrompts,
            long tokens,
            long errors,
            double seconds,
            double tokensPerSecond,
            double secondsLeft) {}

    static void register(String runId, Progress progress) {
        RUNNING.put(runId, progress);
    }

    static void forget(String runId) {
        RUNNING.remove(runId);
    }

    static void receive(ProgressMessage message) {
        Progress progress = RUNNING.get(message.runId());
        if (progress != null) {
            progress.prompts.add(message.prompts());
            progress.tokens.add(message.tokens());
            progress.errors.add(message.errors());
        }
    }

    long errors() {
        return errors.sum();
    }

    /** Now. */
    public Snapshot snapshot() {
        double seconds = (System.nanoTime() - startedNanos) / 1e9;
        long session = prompts.sum();
        long done = Math.min(totalPrompts, donePromptsBefore + session);
        double left = session == 0 ? Double.NaN : seconds / session * (totalPrompts - done);
        return new Snapshot(
                done, totalPrompts, tokens.sum(), errors.sum(), seconds, tokens.sum() / Math.max(seconds, 1e-3), left);
    }
}
