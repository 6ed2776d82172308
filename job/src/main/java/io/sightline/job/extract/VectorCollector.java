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

/** Copies one batch's captured rows apart, by prompt and capture. */
public final class VectorCollector implements BatchRunner.Output {
    private final Map<ResolvedCapture, Integer> places = new IdentityHashMap<>();
    private final Map<Integer, float[][][]> byOrdinal = new HashMap<>();
    private final HostBuffers buffers;

    public VectorCollector(List<ResolvedCapture> captures, List<TokenizedPrompt> batch, HostBuffers buffers) {
        this.buffers = buffers;
        captures.forEach(capture -> places.put(capture, places.size()));
        batch.forEach(prompt -> byOrdinal.put(prompt.ordinal(), new float[captures.size()][0][]));
    }

    @Override
    public HostBuffers buffers() {
        return buffers;
    }

    @Override
    public void take(CapturedRows rows, long bytes) {
        rows.forEach(this::add);
        rows.giveBack(buffers);
    }

    private void add(
            ResolvedCapture capture, PromptRef prompt, TokenSpan tokens, int width, float[] numbers, int offset) {
        float[][][] all = Objects.requireNonNull(byOrdinal.get(prompt.ordinal()));
        int place = Objects.requireNonNull(places.get(capture));
        int before = all[place].length;
        float[][] rows = Arrays.copyOf(all[place], before + tokens.count());
        for (int i = 0; i < tokens.count(); i++) {
            int from = offset + i * width;
            rows[before + i] = Arrays.copyOfRange(numbers, from, from + width);
        }
        all[place] = rows;
    }

    @Override
    public void take(ValueSplitter.Split values) {
        throw new IllegalStateException("no saved values were asked for");
    }

    public void putInto(PromptVectors[] results) {
        byOrdinal.forEach((ordinal, rows) -> results[ordinal] = new PromptVectors(rows, null));
    }
}
