package io.sightline.job.extract;

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
public final class CapturedRows {
    private final ResolvedCapture capture;
    private final int step;
    private final int width;
    private final List<PromptRef> prompts = new ArrayList<>();
    private final List<TokenSpan> spans = new ArrayList<>();
    private int[] firstRows = new int[64];
    private float @Nullable [] floats;
    private short @Nullable [] halves;

    /** Where rows go, and where their arrays come from. */
    public interface Receiver {
        HostBuffers buffers();

        /** @param bytes of numbers the rows hold */
        void take(CapturedRows rows, long bytes);
    }

    public CapturedRows(ResolvedCapture capture, int step, int width) {
        this.capture = capture;
        this.step = step;
        this.width = width;
    }

    /** The {@code tokens.count()} rows from {@code firstRow} on are this prompt's. */
    public void add(PromptRef prompt, TokenSpan tokens, int firstRow) {
        if (prompts.size() == firstRows.length) {
            firstRows = Arrays.copyOf(firstRows, 2 * firstRows.length);
        }
        firstRows[prompts.size()] = firstRow;
        prompts.add(prompt);
        spans.add(tokens);
    }

    public boolean isEmpty() {
        return prompts.isEmpty();
    }

    public void hold(float[] numbers) {
        floats = numbers;
    }

    public void hold(short[] numbers) {
        halves = numbers;
    }

    /** Takes one prompt's rows: {@code tokens.count()} of {@code width} numbers each, from {@code offset} on, to be copied. */
    public interface FloatVisitor {
        void visit(ResolvedCapture capture, PromptRef prompt, TokenSpan tokens, int width, float[] numbers, int offset);
    }

    /** Shows the rows of a float32 capture, prompt by prompt. */
    public void forEach(FloatVisitor visitor) {
        float[] held = Objects.requireNonNull(floats, "rows of a float32 capture");
        for (int i = 0; i < prompts.size(); i++) {
            visitor.visit(capture, prompts.get(i), spans.get(i), width, held, firstRows[i] * width);
        }
    }

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

    public void giveBack(HostBuffers buffers) {
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
