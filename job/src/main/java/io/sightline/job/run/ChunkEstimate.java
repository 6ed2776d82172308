package io.sightline.job.run;

import java.io.Serializable;

/**
 * What one chunk would give.
 *
 * @param rows rows of each output
 * @param capturedBytes numbers of all captures, uncompressed
 */
record ChunkEstimate(
        long prompts, long errors, long tokens, long batches, long[] rows, long capturedBytes, Sample sample)
        implements Serializable {
    /**
     * Prompts that were put through the model and written.
     *
     * @param activationBytes on disk
     * @param otherBytes of the other tables, on disk
     */
    record Sample(long prompts, long capturedBytes, long activationBytes, long otherBytes) implements Serializable {
        static final Sample NONE = new Sample(0, 0, 0, 0);

        long activationBytes(long allCapturedBytes) {
            return scaled(activationBytes, allCapturedBytes, capturedBytes);
        }

        long otherBytes(long allPrompts) {
            return scaled(otherBytes, allPrompts, prompts);
        }

        private static long scaled(long bytes, long all, long sampled) {
            return sampled == 0 ? 0 : Math.round((double) bytes * all / sampled);
        }
    }
}
