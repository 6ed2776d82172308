package io.sightline.job.extract;

import io.sightline.engine.Scope;
import io.sightline.interleave.Capture;
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

/** Puts single batches through the model, with the graph interleaved, and measures the time. Confined to a thread. */
final class ForwardPass implements BatchRunner.Forward {
    private final Extractor extractor;
    private long forwardNanos;
    private long copyNanos;

    ForwardPass(Extractor extractor) {
        this.extractor = extractor;
    }

    @Override
    public void run(List<TokenizedPrompt> prompts, OutputRows.Receiver receiver) throws InterruptedException {
        BatchRows batch = BatchRows.of(prompts);
        LoadedModel model = extractor.model();
        model.turns().acquire();
        long started = System.nanoTime();
        long copiedBefore = copyNanos;
        try (Scope scope = Scope.open();
                TokenBatch tokens = TokenBatch.leftPadded(batch.ids(), model.padId(), model.device());
                Results results = extractor
                        .interleaver()
                        .run(prepared(batch, tokens, extractor.keepsLastLogitsOnly()), captures(batch, receiver))) {
            forwardNanos += System.nanoTime() - started - (copyNanos - copiedBefore);
            extractor.outputs().forEach(output -> output.read(results, batch, receiver));
        } finally {
            model.turns().release();
        }
    }

    static PreparedBatch prepared(BatchRows batch, TokenBatch tokens, boolean keepLastLogits) {
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

    private List<Capture> captures(BatchRows batch, OutputRows.Receiver receiver) {
        List<Capture> captures = new ArrayList<>();
        for (Output output : extractor.outputs()) {
            output.capture(batch, extractor.model().device(), receiver)
                    .map(this::timed)
                    .ifPresent(captures::add);
        }
        return captures;
    }

    private Capture timed(Capture capture) {
        return new Capture(capture.place(), (value, call) -> {
            long started = System.nanoTime();
            capture.sink().accept(value, call);
            copyNanos += System.nanoTime() - started;
        });
    }

    @Override
    public long forwardNanos() {
        return forwardNanos;
    }

    @Override
    public long copyNanos() {
        return copyNanos;
    }
}
