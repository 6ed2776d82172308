package io.sightline.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * A file that is being written. It is written beside its place, under a hidden name, and moved there when it is complete: whoever reads the place
 * meanwhile sees what was there before. Closing it before that removes what was written and leaves the place alone.
 */
public final class UnfinishedFile implements AutoCloseable {
    private final Path target;
    private final Path part;

    private UnfinishedFile(Path target, Path part) {
        this.target = target;
        this.part = part;
    }

    /**
     * An empty file beside {@code target}, in a directory that must exist. Unlike a temporary file, which only its owner may read, it has the
     * permissions that the umask gives.
     */
    public static UnfinishedFile of(Path target) throws IOException {
        Path absolute = target.toAbsolutePath();
        Path part = absolute.resolveSibling("." + absolute.getFileName() + "." + UUID.randomUUID() + ".unfinished");
        return new UnfinishedFile(absolute, Files.createFile(part));
    }

    /** Where to write, until {@link #finish}. */
    public Path path() {
        return part;
    }

    /** Moves the file to its place, over one that is there. */
    public void finish() throws IOException {
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(part);
    }
}
