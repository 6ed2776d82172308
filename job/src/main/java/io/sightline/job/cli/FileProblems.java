package io.sightline.job.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
     * Tries to write into a directory, and leaves nothing behind: a directory that is not there yet is made and removed again.
     *
     * @param option what names the directory, for the message
     * @param directory null where a file has no directory above it
     * @throws UsageException saying why it can't be written to
     */
    static void requireWritable(String option, @Nullable Path directory) {
        if (directory == null) {
            return;
        }
        List<Path> missing = new ArrayList<>();
        Path at = directory.toAbsolutePath();
        while (at != null && !Files.exists(at)) {
            missing.add(at);
            at = at.getParent();
        }
        try {
            Files.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, ".sightline", ".try"));
        } catch (IOException e) {
            throw new UsageException(option + ": cannot write to " + directory + " (" + reason(e)
                    + "); choose a directory that you may write to");
        } finally {
            remove(missing);
        }
    }

    private static void remove(List<Path> directories) {
        try {
            for (Path directory : directories) {
                if (Files.isDirectory(directory)) {
                    Files.delete(directory);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the directories made on trial: " + reason(e), e);
        }
    }
}
