package io.sightline.job.extract;

import io.sightline.job.table.write.ChunkWriter;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Feeds a chunk's writer from a thread of its own, so that rows are stored while the next forward pass runs. Steps run in the order given;
 * those that wait hold at most {@link #WAITING_BYTES} of captured numbers, beyond which the giver waits. After a step has failed the others
 * are skipped, and the next call here throws what it threw.
 */
public final class ChunkSink implements AutoCloseable {
    private static final int WAITING_BYTES = 128 << 20;
    private static final int UNIT = 1 << 10;

    private final ChunkWriter writer;
    private final ExecutorService thread;
    private final Semaphore room = new Semaphore(WAITING_BYTES / UNIT);
    private volatile @Nullable Throwable failure;
    private long waitedNanos;

    public ChunkSink(ChunkWriter writer) {
        this.writer = writer;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread created = new Thread(task, Thread.currentThread().getName() + " rows");
            created.setDaemon(true);
            return created;
        });
    }

    /** @param bytes what the step's data hold */
    public void submit(long bytes, Consumer<ChunkWriter> step) {
        rethrow();
        int units = (int) Math.min(WAITING_BYTES / UNIT, bytes / UNIT + 1);
        long started = System.nanoTime();
        room.acquireUninterruptibly(units);
        waitedNanos += System.nanoTime() - started;
        thread.execute(() -> {
            try {
                if (failure == null) {
                    step.accept(writer);
                }
            } catch (RuntimeException | Error e) {
                failure = e;
            } finally {
                room.release(units);
            }
        });
    }

    /** Waits until every step has run. */
    public void drain() throws InterruptedException {
        long started = System.nanoTime();
        Future<?> last = thread.submit(() -> {});
        try {
            last.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an empty step failed", e);
        }
        waitedNanos += System.nanoTime() - started;
        rethrow();
    }

    /** How long the giver waited for room so far. */
    public long waitedNanos() {
        return waitedNanos;
    }

    private void rethrow() {
        Throwable thrown = failure;
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown != null) {
            throw new SinkFailedException((RuntimeException) thrown);
        }
    }

    /** Ends the thread; steps that have not run are dropped. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            thread.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Storing rows failed, which is no prompt's fault: it passes through whatever handles a batch's own failures. */
    public static final class SinkFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SinkFailedException(RuntimeException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
