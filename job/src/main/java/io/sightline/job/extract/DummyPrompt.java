package io.sightline.job.extract;

import io.sightline.job.input.TokenizedPrompt;
import java.util.Arrays;

/** A prompt that stands in for the user's, to find shapes where there is none that works. */
public final class DummyPrompt {
    private static final int LENGTH = 8;

    private DummyPrompt() {}

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
        return new TokenizedPrompt(0, "dummy", null, rows, null, captured, new Object[0]);
    }
}
