package io.sightline.job.probe;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * One captured place of one run: the rows that one task reads.
 *
 * @param run the run's number in the probe file
 * @param name the capture's name
 * @param io {@code input} or {@code output}
 * @param rows how many rows the table has
 */
record Cell(
        int run,
        String runName,
        String name,
        String module,
        @Nullable Integer layer,
        String io,
        long rows) implements Serializable {
    @Override
    public String toString() {
        return runName + ": " + name + " (" + module + "." + io + ")";
    }
}
