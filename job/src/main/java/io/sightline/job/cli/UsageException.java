package io.sightline.job.cli;

/** Wrong use of the command line: as with any {@link IllegalArgumentException}, the command prints the message and exits with 2. */
public final class UsageException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
