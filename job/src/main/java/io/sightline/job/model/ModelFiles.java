package io.sightline.job.model;

import io.sightline.job.input.Sha256;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A checkpoint's files on this node. A local directory is used where it lies; one on any other Hadoop file system is fetched once per node
 * into a cache that all JVMs of the node share ({@code SIGHTLINE_CACHE}, else {@code sightline-cache-USER} under {@code java.io.tmpdir}).
 */
public final class ModelFiles {
    private static final Logger LOG = LoggerFactory.getLogger(ModelFiles.class);

    private ModelFiles() {}

    /** Whether {@code location} has to be fetched. */
    public static boolean isRemote(String location) {
        String scheme = new org.apache.hadoop.fs.Path(location).toUri().getScheme();
        return scheme != null && !scheme.equals("file");
    }

    /** The directory itself, as the driver first sees it. */
    public static Path open(String location, Configuration hadoop) {
        if (!isRemote(location)) {
            return local(location);
        }
        return fetched(location, hadoop, fingerprint(location, hadoop));
    }

    /**
     * The directory as an executor sees it.
     *
     * @throws IllegalStateException if it is not there, or its content is not what the driver saw
     */
    public static Path open(ModelSpec spec, Configuration hadoop) {
        Path directory;
        try {
            directory = open(spec.source().path(), hadoop);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("the model is gone on " + Host.name() + ": " + e.getMessage(), e);
        }
        if (!CheckpointHash.ofModel(directory).equals(spec.modelHash())) {
            throw new IllegalStateException("the model in " + directory + " on " + Host.name()
                    + " is not the one that the driver read from "
                    + spec.source().path() + "; "
                    + (isRemote(spec.source().path())
                            ? "delete that copy and --resume"
                            : "put the same files on every node and --resume"));
        }
        return directory;
    }

    private static Path local(String location) {
        Path directory = Path.of(new org.apache.hadoop.fs.Path(location).toUri().getPath())
                .toAbsolutePath();
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException("model.path: no such directory: " + directory
                    + (Files.exists(directory) ? " (it is a file; expected the directory of a checkpoint)" : ""));
        }
        return directory;
    }

    /** Names, lengths and times of the remote files: cheap, and another upload gives another. */
    private static String fingerprint(String location, Configuration hadoop) {
        org.apache.hadoop.fs.Path remote = new org.apache.hadoop.fs.Path(location);
        try {
            StringBuilder listing = new StringBuilder(location);
            for (FileStatus status : remote.getFileSystem(hadoop).listStatus(remote)) {
                listing.append('\n')
                        .append(status.getPath().getName())
                        .append(' ')
                        .append(status.getLen())
                        .append(' ')
                        .append(status.getModificationTime());
            }
            return Sha256.of(listing.toString()).substring(0, 32);
        } catch (FileNotFoundException e) {
            throw new IllegalArgumentException("model.path: no such directory: " + location, e);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException("model.path: cannot read " + location + ": " + e.getMessage(), e);
        }
    }

    private static Path fetched(String location, Configuration hadoop, String key) {
        Path cache = cache();
        Path complete = cache.resolve(key);
        try {
            Files.createDirectories(cache);
            try (FileChannel channel = FileChannel.open(
                            cache.resolve(key + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (!Files.isDirectory(complete)) {
                    fetch(location, hadoop, cache.resolve(key + ".partial"), complete);
                }
                LOG.debug("{} is in {}, lock {}", location, complete, lock);
            }
            return complete;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot fetch " + location + " to " + complete, e);
        }
    }

    private static void fetch(String location, Configuration hadoop, Path partial, Path complete) throws IOException {
        delete(partial);
        Files.createDirectories(partial);
        org.apache.hadoop.fs.Path remote = new org.apache.hadoop.fs.Path(location);
        FileSystem files = remote.getFileSystem(hadoop);
        for (FileStatus status : files.listStatus(remote)) {
            if (status.isFile()) {
                try (var in = files.open(status.getPath())) {
                    Files.copy(in, partial.resolve(status.getPath().getName()));
                }
            }
        }
        Files.move(partial, complete, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> entries = Files.walk(directory)) {
                for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(entry);
                }
            }
        }
    }

    private static Path cache() {
        String configured = System.getenv("SIGHTLINE_CACHE");
        return configured == null || configured.isBlank()
                ? Path.of(System.getProperty("java.io.tmpdir"), "sightline-cache-" + System.getProperty("user.name"))
                : Path.of(configured);
    }
}
