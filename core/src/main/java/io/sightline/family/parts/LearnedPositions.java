package io.sightline.family.parts;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;

/** The limit that an embedding of positions sets to a sequence, told before torch fails to look one up. */
public final class LearnedPositions {
    private static final Kernel LAST =
            Kernel.define("last position", "ids: Tensor", "int", "return int(torch.max(ids))");

    private LearnedPositions() {}

    /**
     * Checks that a sequence fits.
     *
     * @param key the config key that says how many positions there are
     * @throws IllegalArgumentException if it does not
     */
    public static void checkRoom(long length, int positions, String key) {
        if (length > positions) {
            throw new IllegalArgumentException("a sequence of " + length + " tokens is longer than this model's "
                    + positions + " positions (" + key + "); shorten the prompt or generate less");
        }
    }

    /**
     * As {@link #checkRoom(long, int, String)} where pads take no positions: by the highest of {@code positionIds}, looked at only where
     * pads and all are longer than the model.
     */
    public static void checkRoom(Tensor positionIds, long padded, int positions, String key) {
        if (padded > positions && !positionIds.isMeta()) {
            checkRoom(LAST.number(positionIds) + 1, positions, key);
        }
    }
}
