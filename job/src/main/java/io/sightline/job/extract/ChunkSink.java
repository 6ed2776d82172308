package io.sightline.job.extract;

import io.sightline.job.input.TokenizedPrompt;
import io.sightline.job.table.write.ChunkMark;
import io.sightline.job.table.write.ChunkWriter;
import io.sightline.job.table.write.ErrorRow;
import io.sightline.job.table.write.PromptRef;
import io.sightline.job.table.write.PromptRow;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
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
public final class ChunkSink implements RowSink, AutoCloseable {
    private static final int WAITING_BYTES = 128 << 20;
    private static final int UNIT = 1 << 10;

    private final ChunkWriter writer;
    private final ExecutorService thread;
    private final Semaphore room = new Semaphore(WAITING_BYTES / UNIT);
    private volatile @Nullable Throwable failure;
    private @Nullable ChunkMark mark; // set and used on the sink's thread alone
    private long waitedNanos;

    public ChunkSink(ChunkWriter writer) {
        this.writer = writer;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread created = new Thread(task, Thread.currentThread().getName() + " rows");
            created.setDaemon(true);
            return created;
        });
    }

    @Override
    public void begin(List<TokenizedPrompt> batch) {
        submit(0, chunk -> mark = chunk.mark());
    }

    @Override
    public void take(OutputRows rows) {
        submit(rows.bytes(), chunk -> {
            try (rows) {
                rows.writeTo(chunk);
            }
        });
    }

    @Override
    public void complete(List<TokenizedPrompt> batch) {
        submit(0, chunk -> batch.forEach(prompt -> chunk.prompt(row(prompt))));
    }

    @Override
    public void undo() {
        submit(0, chunk -> chunk.rewind(Objects.requireNonNull(mark, "no batch began")));
    }

    @Override
    public void fail(Failure failure) {
        ErrorRow row = new ErrorRow(
                new PromptRef(failure.ordinal(), failure.id()),
                failure.stage(),
                failure.errorClass(),
                failure.message());
        submit(0, chunk -> chunk.error(row));
    }

    private static PromptRow row(TokenizedPrompt prompt) {
        int last = prompt.ids().length - 1;
        return new PromptRow(
                new PromptRef(prompt.ordinal(), prompt.id()),
                prompt.text(),
                BatchRows.ints(prompt.ids()[last]),
                prompt.tokens() == null ? null : prompt.tokens()[last],
                prompt.ids()[last].length,
                Arrays.asList(prompt.kept()));
    }

    /** @param bytes what the step's data hold */
    private void submit(long bytes, Consumer<ChunkWriter> step) {
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

    /** Storing rows failed, for which no prompt is to blame: code that handles a batch's own failures lets it through. */
    static final class SinkFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SinkFailedException(RuntimeException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
