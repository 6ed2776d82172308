package io.sightline.job.table.write;

import java.io.IOException;

/**
 * A table, its commit or the spill file could not be written: full disk, no permission, lost file system. It is not the prompt's fault, so
 * it fails the task instead of going to the errors table.
 */
public final class TableWriteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TableWriteException(String what, IOException cause, String remedy) {
        super(what + ": " + reason(cause) + "; " + remedy, cause);
    }

    private static String reason(IOException cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
