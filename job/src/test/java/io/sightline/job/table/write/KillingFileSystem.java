package io.sightline.job.table.write;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * {@code killing:} paths: a {@link StrictFileSystem} on which the process dies before the N-th operation that changes anything (create, write,
 * rename, delete, make a directory). With {@code fs.killing.halt} in the configuration the JVM is halted there; else, in {@link #killedBefore},
 * that operation and all that follow throw an error that nothing catches.
 */
public final class KillingFileSystem extends StrictFileSystem {
    public static final String CLASS = KillingFileSystem.class.getName();

    /** The exit status of a JVM that is halted. */
    public static final int HALTED = 137;

    private static final URI ROOT = URI.create("killing:///");
    private static final AtomicLong STEPS = new AtomicLong();
    private static volatile long last = Long.MAX_VALUE;

    /** The death of the process, as far as code in the same JVM can tell. */
    public static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed(long step) {
            super("killed before step " + step);
        }
    }

    public static Configuration register(Configuration hadoop) {
        hadoop.setClass("fs.killing.impl", KillingFileSystem.class, org.apache.hadoop.fs.FileSystem.class);
        return hadoop;
    }

    /** Kills before step {@code step}, counted from now on from 1, until the returned handle is closed. */
    public static Broken killedBefore(long step) {
        STEPS.set(0);
        last = step - 1;
        return () -> last = Long.MAX_VALUE;
    }

    /** Steps since {@link #killedBefore}. */
    public static long steps() {
        return STEPS.get();
    }

    private void step() {
        long step = STEPS.incrementAndGet();
        long halt = getConf().getLong("fs.killing.halt", Long.MAX_VALUE);
        if (step >= halt) {
            Runtime.getRuntime().halt(HALTED);
        }
        if (step > last) {
            throw new Killed(step);
        }
    }

    private static StandardOpenOption[] options(boolean overwrite) {
        return overwrite
                ? new StandardOpenOption[] {
                    StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE
                }
                : new StandardOpenOption[] {StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE};
    }

    private static java.nio.file.Path local(Path path) {
        return java.nio.file.Path.of(path.toUri().getPath());
    }

    @Override
    public URI getUri() {
        return ROOT;
    }

    @Override
    public String getScheme() {
        return "killing";
    }

    @Override
    public Path makeQualified(Path path) {
        return path.makeQualified(ROOT, new Path("/"));
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        step();
        return super.rename(from, to);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        step();
        return super.delete(path, recursive);
    }

    @Override
    public boolean mkdirs(Path path) throws IOException {
        return mkdirs(path, FsPermission.getDirDefault());
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) throws IOException {
        step();
        Files.createDirectories(local(path)); // Hadoop's local files start a process for each permission
        return true;
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        step();
        Files.createDirectories(local(path).getParent());
        OutputStream out = Files.newOutputStream(local(path), options(overwrite));
        return new FSDataOutputStream(new Steps(out), null);
    }

    private final class Steps extends FilterOutputStream {
        Steps(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            step();
            out.write(bytes, offset, length);
        }
    }
}
