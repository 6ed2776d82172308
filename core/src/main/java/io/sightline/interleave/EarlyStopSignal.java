package io.sightline.interleave;

/** Ends a forward pass or a sequential graph; thrown through the model's modules, which close their scopes on the way. */
final class EarlyStopSignal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EarlyStopSignal() {
        super("early stop", null, false, false);
    }
}
