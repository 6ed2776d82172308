package io.sightline.job.extract;

import io.sightline.engine.TorchException;
import io.sightline.job.extract.ChunkSink.SinkFailedException;
import io.sightline.job.input.TokenizedPrompt;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.spark.TaskKilledException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs prompts in batches of similar length. A batch that fails, because memory is short or the graph fails on some prompt, is undone and
 * run again in halves, down to single prompts; a prompt that fails alone is reported to the sink. Confined to a thread.
 */
public final class BatchRunner {
    private static final Logger LOG = LoggerFactory.getLogger(BatchRunner.class);

    private final Forward forward;
    private final RowSink sink;
    private final Function<List<TokenizedPrompt>, List<List<TokenizedPrompt>>> planner;
    private final BooleanSupplier isCancelled;
    private final OutputRows.Receiver receiver = new CountingReceiver();
    private long tokens;
    private long errors;
    private long batches;
    private long splits;
    private long capturedBytes;
    private String firstError = "";

    /** One forward pass; rows may have been passed on when it throws. */
    interface Forward {
        void run(List<TokenizedPrompt> batch, OutputRows.Receiver receiver) throws InterruptedException;

        /** Time in forward passes so far, without copying captures. */
        default long forwardNanos() {
            return 0;
        }

        /** Time in selecting and copying captures so far. */
        default long copyNanos() {
            return 0;
        }
    }

    /** @param planner cuts prompts into batches */
    BatchRunner(
            Forward forward,
            RowSink sink,
            Function<List<TokenizedPrompt>, List<List<TokenizedPrompt>>> planner,
            BooleanSupplier isCancelled) {
        this.forward = forward;
        this.sink = sink;
        this.planner = planner;
        this.isCancelled = isCancelled;
    }

    /**
     * What was done so far.
     *
     * @param tokens real tokens of prompts that went through the model
     * @param errors prompts that failed
     * @param capturedBytes numbers handed to the sink, undone ones included
     * @param firstError id and message of the first prompt that failed; empty if none did
     */
    public record Counts(
            long tokens,
            long errors,
            long batches,
            long splits,
            long capturedBytes,
            long forwardNanos,
            long copyNanos,
            String firstError) {}

    public Counts counts() {
        return new Counts(
                tokens,
                errors,
                batches,
                splits,
                capturedBytes,
                forward.forwardNanos(),
                forward.copyNanos(),
                firstError);
    }

    /** Called after each planned batch. */
    @FunctionalInterface
    public interface Listener {
        void done(int prompts);
    }

    /** @throws TaskKilledException if it was cancelled */
    public void run(List<TokenizedPrompt> prompts, Listener listener) {
        for (List<TokenizedPrompt> batch : planner.apply(prompts)) {
            if (isCancelled.getAsBoolean()) {
                throw new TaskKilledException("killed between two batches");
            }
            runSplitting(batch);
            batches++;
            listener.done(batch.size());
        }
    }

    private void runSplitting(List<TokenizedPrompt> batch) {
        sink.begin(batch);
        try {
            forward.run(batch, receiver);
            sink.complete(batch);
            tokens += batch.stream().mapToLong(TokenizedPrompt::tokenCount).sum();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TaskKilledException("killed while waiting for the device");
        } catch (SinkFailedException e) {
            throw e;
        } catch (RuntimeException | OutOfMemoryError e) {
            sink.undo();
            if (batch.size() == 1) {
                fail(batch.get(0), e);
            } else {
                LOG.info("splitting a batch of {}: {}", batch.size(), e.getMessage());
                splits++;
                int half = (batch.size() + 1) / 2;
                runSplitting(batch.subList(0, half));
                runSplitting(batch.subList(half, batch.size()));
            }
        }
    }

    private void fail(TokenizedPrompt prompt, Throwable e) {
        String errorClass = isOutOfMemory(e) ? "OutOfMemory" : e.getClass().getSimpleName();
        fail(new RowSink.Failure(prompt.ordinal(), prompt.id(), "forward", errorClass, e.getMessage()));
    }

    /** Also for prompts that never got to the model. */
    public void fail(RowSink.Failure failure) {
        errors++;
        firstError = firstError.isEmpty() ? failure.id() + ": " + failure.message() : firstError;
        sink.fail(failure);
    }

    static boolean isOutOfMemory(Throwable e) {
        String message = String.valueOf(e.getMessage());
        return e instanceof OutOfMemoryError
                || e instanceof TorchException
                        && (message.contains("out of memory") || message.contains("not enough memory"))
                || e.getCause() != null && e.getCause() != e && isOutOfMemory(e.getCause());
    }

    private final class CountingReceiver implements OutputRows.Receiver {
        private final HostBuffers buffers = new HostBuffers();

        @Override
        public HostBuffers buffers() {
            return buffers;
        }

        @Override
        public void take(OutputRows rows) {
            capturedBytes += rows.bytes();
            sink.take(rows);
        }
    }
}
