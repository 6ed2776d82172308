package io.sightline.job.probe;

/**
 * How far a probe job is.
 *
 * @param done probes that are finished, refused ones included
 * @param total probes of the grid
 * @param seconds since training began
 */
public record ProbeProgress(long done, long total, double seconds) {
    /** Probes a second; 0 before the first one is finished. */
    public double rate() {
        return seconds > 0 ? done / seconds : 0;
    }

    /** Seconds left at this rate; NaN before the first one is finished. */
    public double secondsLeft() {
        return done == 0 ? Double.NaN : (total - done) / rate();
    }
}
