package io.sightline.job.extract;

import io.sightline.engine.Scope;
import io.sightline.interleave.Capture;
import io.sightline.interleave.Interleaver;
import io.sightline.interleave.PreparedBatch;
import io.sightline.interleave.Results;
import io.sightline.job.input.TokenizedPrompt;
import io.sightline.job.model.LoadedModel;
import io.sightline.nn.Args;
import io.sightline.token.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs batches of prompts through the model with the graph interleaved, and passes on what is captured and saved. Confined to a thread. */
public final class BatchRunner {
    private final LoadedModel model;
    private final Interleaver interleaver;
    private final List<ResolvedCapture> captures;
    private final List<ValueSplitter> values;
    private final boolean keepLastLogits;
    private long forwardNanos;
    private long copyNanos;

    public BatchRunner(
            LoadedModel model,
            Interleaver interleaver,
            List<ResolvedCapture> captures,
            List<SavedValue> values,
            boolean keepLastLogits) {
        this.model = model;
        this.interleaver = interleaver;
        this.captures = captures;
        this.values = values.stream().map(ValueSplitter::new).toList();
        this.keepLastLogits = keepLastLogits;
    }

    /** Rows and values in the order in which they came to be. */
    public interface Output extends CapturedRows.Receiver {
        void take(ValueSplitter.Split values);
    }

    /**
     * One forward pass.
     *
     * @throws RuntimeException whatever the model or the graph throws; rows may have been passed on by then
     */
    public void run(List<TokenizedPrompt> prompts, Output output) throws InterruptedException {
        BatchRows batch = BatchRows.of(prompts);
        model.turns().acquire();
        long started = System.nanoTime();
        long copiedBefore = copyNanos;
        try (Scope scope = Scope.open();
                TokenBatch tokens = TokenBatch.leftPadded(batch.ids(), model.padId(), model.device());
                Results results = interleaver.run(prepared(batch, tokens, keepLastLogits), taps(batch, output))) {
            forwardNanos += System.nanoTime() - started - (copyNanos - copiedBefore);
            for (ValueSplitter value : values) {
                output.take(value.read(results, batch));
            }
        } finally {
            model.turns().release();
        }
    }

    public static PreparedBatch prepared(BatchRows batch, TokenBatch tokens, boolean keepLastLogits) {
        Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
        keywords.put("input_ids", tokens.inputIds());
        keywords.put("attention_mask", tokens.attentionMask());
        keywords.put("position_ids", tokens.positionIds());
        keywords.put("use_cache", false);
        if (keepLastLogits) {
            keywords.put("logits_to_keep", 1L);
        }
        int[] rows = new int[batch.invokes()];
        Arrays.fill(rows, batch.size());
        return new PreparedBatch(new Args(List.of(), keywords), rows);
    }

    private List<Capture> taps(BatchRows batch, Output output) {
        List<Capture> taps = new ArrayList<>(captures.size());
        for (ResolvedCapture capture : captures) {
            CaptureTap tap = new CaptureTap(capture, batch, model.device(), output);
            if (tap.isWanted()) {
                taps.add(new Capture(capture.place(), (value, call) -> {
                    long started = System.nanoTime();
                    tap.accept(value, call);
                    copyNanos += System.nanoTime() - started;
                }));
            }
        }
        return taps;
    }

    /** Time in forward passes, without copying captures. */
    public long forwardNanos() {
        return forwardNanos;
    }

    /** Time in picking and copying captures. */
    public long copyNanos() {
        return copyNanos;
    }
}
