package io.sightline.job.table.files;

/** Another process holds the directory; the message says which. */
public final class DirectoryClaimedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DirectoryClaimedException(String message) {
        super(message);
    }
}
