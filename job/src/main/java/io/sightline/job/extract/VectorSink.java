package io.sightline.job.extract;

import io.sightline.job.input.TokenizedPrompt;
import io.sightline.job.table.write.PromptRef;
import io.sightline.job.table.write.TokenSpan;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Collects the rows of float32 captures, by prompt and capture, in memory. */
final class VectorSink implements RowSink {
    private final Map<ResolvedCapture, Integer> places = new IdentityHashMap<>();
    private final Map<Integer, float[][][]> running = new HashMap<>();
    private final PromptVectors[] results;

    /** @param results takes what came of each prompt, by its ordinal */
    VectorSink(List<Output> outputs, PromptVectors[] results) {
        for (Output output : outputs) {
            if (!(output instanceof ResolvedCapture capture)) {
                throw new IllegalArgumentException("only captures can become vectors, not " + output);
            }
            places.put(capture, places.size());
        }
        this.results = results;
    }

    @Override
    public void begin(List<TokenizedPrompt> batch) {
        running.clear();
        batch.forEach(prompt -> running.put(prompt.ordinal(), new float[places.size()][0][]));
    }

    @Override
    public void take(OutputRows rows) {
        try (rows) {
            CapturedRows captured = (CapturedRows) rows;
            int place = Objects.requireNonNull(places.get(captured.capture()));
            captured.forEach(
                    (prompt, tokens, width, numbers, offset) -> add(place, prompt, tokens, width, numbers, offset));
        }
    }

    private void add(int place, PromptRef prompt, TokenSpan tokens, int width, float[] numbers, int offset) {
        float[][][] all = Objects.requireNonNull(running.get(prompt.ordinal()));
        int before = all[place].length;
        float[][] rows = Arrays.copyOf(all[place], before + tokens.count());
        for (int i = 0; i < tokens.count(); i++) {
            int from = offset + i * width;
            rows[before + i] = Arrays.copyOfRange(numbers, from, from + width);
        }
        all[place] = rows;
    }

    @Override
    public void complete(List<TokenizedPrompt> batch) {
        running.forEach((ordinal, rows) -> results[ordinal] = new PromptVectors(rows, null));
    }

    @Override
    public void undo() {
        running.clear();
    }

    @Override
    public void fail(Failure failure) {
        results[failure.ordinal()] = PromptVectors.failed(failure.toString());
    }
}
