package io.sightline.generate;

import java.util.Arrays;
import java.util.List;

/** Which rows of the batch still run: a row that took an end-of-sequence token is finished and gets pads from then on. */
final class UnfinishedRows {
    private final boolean[] finished;
    private final List<Long> eos;
    private final long pad;

    UnfinishedRows(int count, GenerateOptions options) {
        finished = new boolean[count];
        eos = options.eosTokenIds();
        Long given = options.padTokenId();
        // Without an end-of-sequence token no row finishes early, and nothing is ever padded.
        pad = given != null ? given : eos.isEmpty() ? 0 : eos.get(0);
    }

    /** The tokens the rows really get, {@code chosen} itself changed; finishes those that end here. */
    long[] take(long[] chosen) {
        for (int row = 0; row < chosen.length; row++) {
            if (finished[row]) {
                chosen[row] = pad;
            } else {
                finished[row] = eos.contains(chosen[row]);
            }
        }
        return chosen;
    }

    boolean allFinished() {
        for (boolean row : finished) {
            if (!row) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return Arrays.toString(finished);
    }
}
