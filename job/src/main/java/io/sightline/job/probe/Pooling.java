package io.sightline.job.probe;

import java.util.Locale;

/** Which row of a prompt's stored positions a probe sees. */
public enum Pooling {
    /** Every stored row is a sample of its own. */
    AS_STORED,
    /** The row of the last stored position. */
    LAST,
    /** The row of the first stored position. */
    FIRST,
    /** The mean of the stored rows, added in float64. */
    MEAN;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
