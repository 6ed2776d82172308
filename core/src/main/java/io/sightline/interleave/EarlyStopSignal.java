package io.sightline.interleave;

/** Ends a forward pass or a sequential graph; thrown through the model's modules, which close their scopes on the way. */
final class EarlyStopSignal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean asked;

    private EarlyStopSignal(String message, boolean asked) {
        super(message, null, false, false);
        this.asked = asked;
    }

    /** The graph's own {@code stop()} or {@code exit()}. */
    static EarlyStopSignal asked() {
        return new EarlyStopSignal("the graph stops the run", true);
    }

    /** Nothing that the rest of the forward pass computes is read. */
    static EarlyStopSignal nothingNeeded() {
        return new EarlyStopSignal("nothing more is needed", false);
    }

    /** Whether the graph asked for it, so that what comes later has no value. */
    boolean isAsked() {
        return asked;
    }
}
