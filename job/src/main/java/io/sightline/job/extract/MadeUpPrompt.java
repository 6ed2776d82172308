package io.sightline.job.extract;

import io.sightline.job.input.TokenizedPrompt;
import java.util.Arrays;

/** A prompt of nobody's, to see a model's shapes with. */
public final class MadeUpPrompt {
    private static final int LENGTH = 8;

    private MadeUpPrompt() {}

    /** Up to 8 ids that the model embeds, the same for each invoke, wanted by every capture. */
    public static TokenizedPrompt of(long vocabulary, int maxLength, int invokes, int captures) {
        long[] ids = new long[Math.min(LENGTH, maxLength)];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (7L * i + 3) % vocabulary;
        }
        long[][] rows = new long[invokes][];
        Arrays.fill(rows, ids);
        boolean[] captured = new boolean[captures];
        Arrays.fill(captured, true);
        return new TokenizedPrompt(0, "made up", null, rows, null, captured, new Object[0]);
    }
}
