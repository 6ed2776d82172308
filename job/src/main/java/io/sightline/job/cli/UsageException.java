package io.sightline.job.cli;

/** Wrong usage or configuration: the command prints the message and exits with 2. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
