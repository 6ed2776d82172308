package io.sightline.job.run;

import org.jspecify.annotations.Nullable;

/** A run that began and did not end well. What it committed is kept. */
public final class RunFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RunFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
