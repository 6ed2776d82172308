package io.sightline.job.probe.fit;

import java.io.Serializable;
import java.util.BitSet;

/**
 * One fit's view of the prompts: which are trained on, what they are labelled with, and in which coordinates the fit works. Two designs are
 * the same only if they are the same object; rows keep what they prepared for a design by that.
 *
 * @param parts the {@link Part} code of each prompt, {@code [prompts]}
 */
@SuppressWarnings("ArrayRecordComponent")
public record Design(byte[] parts, Targets targets, Affine coordinates) implements Serializable {
    /** The prompts whose rows are trained on. */
    BitSet trainingPrompts() {
        BitSet prompts = new BitSet(parts.length);
        for (int prompt = 0; prompt < parts.length; prompt++) {
            prompts.set(prompt, partOf(prompt) == Part.TRAIN);
        }
        return prompts;
    }

    Part partOf(int prompt) {
        return Part.of(parts[prompt]);
    }
}
