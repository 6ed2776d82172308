package io.sightline.job.table.write;

import java.io.IOException;
import java.nio.file.FileSystemException;

/**
 * A table, its commit or the spill file could not be written: full disk, no permission, lost file system. It is not the prompt's fault, so
 * it fails the task instead of going to the errors table.
 */
public final class TableWriteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TableWriteException(String what, IOException cause, String remedy) {
        super(what + ": " + reason(cause) + "; " + remedy, cause);
    }

    /** What the file system said: Parquet and Thrift wrap it in their own words about the page they were at. */
    private static String reason(IOException failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage() == null ? "" : root.getMessage();
        boolean saysWhy =
                !message.isEmpty() && !(root instanceof FileSystemException named && named.getReason() == null);
        return saysWhy ? message : root.getClass().getSimpleName() + " " + message;
    }
}
