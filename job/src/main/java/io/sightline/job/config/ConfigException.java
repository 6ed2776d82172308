package io.sightline.job.config;

import org.jspecify.annotations.Nullable;

/** A job file that can't be used. The message names the key, what was found there and what is expected. */
public final class ConfigException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }

    public ConfigException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
