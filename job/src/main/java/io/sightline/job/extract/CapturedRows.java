package io.sightline.job.extract;

import io.sightline.engine.Tensor;
import io.sightline.engine.TensorBytes;
import io.sightline.job.table.VectorType;
import io.sightline.job.table.write.ActivationAppender;
import io.sightline.job.table.write.ChunkWriter;
import io.sightline.job.table.write.PromptRef;
import io.sightline.job.table.write.TokenSpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Rows of one capture of one batch, in a borrowed array on the host, with what each stands for. */
public final class CapturedRows implements OutputRows {
    private final ResolvedCapture capture;
    private final int step;
    private final int width;
    private final HostBuffers buffers;
    private final List<PromptRef> prompts = new ArrayList<>();
    private final List<TokenSpan> spans = new ArrayList<>();
    private int[] firstRows = new int[64];
    private long bytes;
    private float @Nullable [] floats;
    private short @Nullable [] halves;

    CapturedRows(ResolvedCapture capture, int step, int width, HostBuffers buffers) {
        this.capture = capture;
        this.step = step;
        this.width = width;
        this.buffers = buffers;
    }

    /** The {@code tokens.count()} rows from {@code firstRow} on are this prompt's. */
    void add(PromptRef prompt, TokenSpan tokens, int firstRow) {
        if (prompts.size() == firstRows.length) {
            firstRows = Arrays.copyOf(firstRows, 2 * firstRows.length);
        }
        firstRows[prompts.size()] = firstRow;
        prompts.add(prompt);
        spans.add(tokens);
    }

    boolean isEmpty() {
        return prompts.isEmpty();
    }

    /** Copies the numbers of all rows, those of no prompt included. */
    void copy(Tensor rows) {
        int numbers = Math.toIntExact(rows.elements());
        bytes = (long) numbers * capture.group().type().bytes();
        if (capture.group().type() == VectorType.FLOAT16) {
            short[] array = buffers.takeHalves(numbers);
            TensorBytes.copyFloat16(rows, array, 0);
            halves = array;
        } else {
            float[] array = buffers.takeFloats(numbers);
            rows.copyTo(array, 0);
            floats = array;
        }
    }

    ResolvedCapture capture() {
        return capture;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    /** Takes one prompt's rows: {@code tokens.count()} of {@code width} numbers each, from {@code offset} on, to be copied. */
    interface FloatVisitor {
        void visit(PromptRef prompt, TokenSpan tokens, int width, float[] numbers, int offset);
    }

    /** Shows the rows of a float32 capture, prompt by prompt. */
    void forEach(FloatVisitor visitor) {
        float[] held = Objects.requireNonNull(floats, "rows of a float32 capture");
        for (int i = 0; i < prompts.size(); i++) {
            visitor.visit(prompts.get(i), spans.get(i), width, held, firstRows[i] * width);
        }
    }

    @Override
    public void writeTo(ChunkWriter writer) {
        ActivationAppender appender = writer.activations(capture.group());
        for (int i = 0; i < prompts.size(); i++) {
            int offset = firstRows[i] * width;
            if (floats != null) {
                appender.append(prompts.get(i), step, spans.get(i), width, floats, offset);
            } else if (halves != null) {
                appender.append(prompts.get(i), step, spans.get(i), width, halves, offset);
            }
        }
    }

    @Override
    public void close() {
        if (floats != null) {
            buffers.giveBack(floats);
        }
        if (halves != null) {
            buffers.giveBack(halves);
        }
        floats = null;
        halves = null;
    }
}
