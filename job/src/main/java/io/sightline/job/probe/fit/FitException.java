package io.sightline.job.probe.fit;

/** These rows cannot be fitted in this way; the message says why and what would help. */
public final class FitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public FitException(String message) {
        super(message);
    }
}
