package io.sightline.job.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What is wrong with a file, in words: Java's exceptions often say no more than its name. */
final class FileProblems {
    private FileProblems() {}

    /** {@code no such file}, {@code permission denied} …, without the file's name. */
    static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or directory";
        } else if (e instanceof AccessDeniedException) {
            return "permission denied";
        } else if (e instanceof NotDirectoryException) {
            return "not a directory";
        } else if (e instanceof FileAlreadyExistsException) {
            return "a file is in its place";
        } else if (e instanceof FileSystemException failure && failure.getReason() != null) {
            return failure.getReason();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** {@link #reason} after the file that it is about. */
    static String message(FileSystemException e) {
        return e.getFile() == null ? reason(e) : e.getFile() + ": " + reason(e);
    }

    /**
     * Looks whether files can be written into a directory, which may have to be made. It makes nothing: another process may be at work there.
     *
     * @param option what names the directory, for the message
     * @param directory null where a file has no directory above it
     * @throws UsageException saying why it can't be written to
     */
    static void checkWritable(String option, @Nullable Path directory) {
        Path at = directory == null ? null : directory.toAbsolutePath();
        while (at != null && !Files.exists(at)) {
            at = at.getParent();
        }
        if (at != null && !(Files.isDirectory(at) && Files.isWritable(at))) {
            throw new UsageException(option + ": cannot write to " + directory + " ("
                    + (Files.isDirectory(at) ? "permission denied: " : "a file is in its place: ") + at
                    + "); choose a directory that you may write to");
        }
    }
}
