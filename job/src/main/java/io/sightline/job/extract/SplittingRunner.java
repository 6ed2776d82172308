package io.sightline.job.extract;

import io.sightline.engine.TorchException;
import io.sightline.job.extract.ChunkSink.SinkFailedException;
import io.sightline.job.input.TokenizedPrompt;
import io.sightline.job.table.write.ChunkMark;
import io.sightline.job.table.write.ErrorRow;
import io.sightline.job.table.write.PromptRef;
import io.sightline.job.table.write.PromptRow;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets through a batch whatever happens: one that fails, for want of memory or because the graph fails on some prompt, is forgotten and
 * done again in halves, down to single prompts; one that fails alone goes to the errors table.
 */
public final class SplittingRunner {
    private static final Logger LOG = LoggerFactory.getLogger(SplittingRunner.class);

    private final Forward forward;
    private final ChunkSink sink;
    private final BatchRunner.Output output;
    private final HostBuffers buffers = new HostBuffers();
    private long prompts;
    private long tokens;
    private long errors;
    private long splits;
    private long capturedBytes;
    private String firstError = "";

    /** Runs a batch, as {@link BatchRunner#run}. */
    public interface Forward {
        void run(List<TokenizedPrompt> batch, BatchRunner.Output output) throws InterruptedException;
    }

    public SplittingRunner(Forward forward, ChunkSink sink) {
        this.forward = forward;
        this.sink = sink;
        this.output = new SinkOutput();
    }

    public void run(List<TokenizedPrompt> batch) throws InterruptedException {
        ChunkMark[] before = new ChunkMark[1]; // set and used on the sink's thread alone
        sink.submit(0, writer -> before[0] = writer.mark());
        try {
            forward.run(batch, output);
            sink.submit(0, writer -> batch.forEach(prompt -> writer.prompt(row(prompt))));
            prompts += batch.size();
            tokens += batch.stream().mapToLong(TokenizedPrompt::tokenCount).sum();
        } catch (SinkFailedException e) {
            throw e;
        } catch (RuntimeException | OutOfMemoryError e) {
            sink.submit(0, writer -> writer.rewind(before[0]));
            if (batch.size() == 1) {
                fail(batch.get(0), e);
            } else {
                LOG.info("splitting a batch of {}: {}", batch.size(), e.getMessage());
                splits++;
                int half = (batch.size() + 1) / 2;
                run(batch.subList(0, half));
                run(batch.subList(half, batch.size()));
            }
        }
    }

    private void fail(TokenizedPrompt prompt, Throwable e) {
        errors++;
        firstError = firstError.isEmpty() ? prompt.id() + ": " + e.getMessage() : firstError;
        String errorClass = isOutOfMemory(e) ? "OutOfMemory" : e.getClass().getSimpleName();
        error(new ErrorRow(new PromptRef(prompt.ordinal(), prompt.id()), "forward", errorClass, e.getMessage()));
    }

    /** Also for prompts that never got this far. */
    public void error(ErrorRow row) {
        sink.submit(0, writer -> writer.error(row));
    }

    public static boolean isOutOfMemory(Throwable e) {
        String message = String.valueOf(e.getMessage());
        return e instanceof OutOfMemoryError
                || e instanceof TorchException
                        && (message.contains("out of memory") || message.contains("not enough memory"))
                || e.getCause() != null && e.getCause() != e && isOutOfMemory(e.getCause());
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

    public long prompts() {
        return prompts;
    }

    public long tokens() {
        return tokens;
    }

    public long errors() {
        return errors;
    }

    /** Of the first prompt that failed here, id and message; empty if none did. */
    public String firstError() {
        return firstError;
    }

    public long splits() {
        return splits;
    }

    /** Numbers handed to the writer, forgotten ones included. */
    public long capturedBytes() {
        return capturedBytes;
    }

    private final class SinkOutput implements BatchRunner.Output {
        @Override
        public HostBuffers buffers() {
            return buffers;
        }

        @Override
        public void take(CapturedRows rows, long bytes) {
            capturedBytes += bytes;
            sink.submit(bytes, writer -> {
                rows.writeTo(writer);
                rows.giveBack(buffers);
            });
        }

        @Override
        public void take(ValueSplitter.Split values) {
            capturedBytes += values.bytes();
            sink.submit(values.bytes(), values::writeTo);
        }
    }
}
