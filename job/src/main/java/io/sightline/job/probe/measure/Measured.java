package io.sightline.job.probe.measure;

import java.util.Arrays;

/** Predictions beside the truth, row by row, of which metrics can be taken with any whole-number weights. */
public interface Measured {
    int rows();

    /**
     * The metrics where row i counts {@code weights[i]} times.
     *
     * @param weights {@code [rows]}, none negative
     */
    Metrics weighted(int[] weights);

    /** The metrics where each row counts once. */
    default Metrics metrics() {
        int[] ones = new int[rows()];
        Arrays.fill(ones, 1);
        return weighted(ones);
    }
}
