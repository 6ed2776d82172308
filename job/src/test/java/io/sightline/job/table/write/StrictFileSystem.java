package io.sightline.job.table.write;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * {@code strict:} paths: local files behind the manners of a remote file system. A rename never replaces a file and never moves a
 * directory; the disk can be made to run full. Where {@code fs.strict.opened} names a file, the paths of files that are opened for reading
 * are noted there, whatever process opens them.
 */
public class StrictFileSystem extends FilterFileSystem {
    private static final URI ROOT = URI.create("strict:///");
    private static volatile long bytesLeft = Long.MAX_VALUE;
    private static volatile long changesLeft = Long.MAX_VALUE;

    public StrictFileSystem() {
        super(new RawLocalFileSystem());
    }

    /** Also what a {@code spark.hadoop.fs.strict.impl} setting names. */
    public static final String CLASS = StrictFileSystem.class.getName();

    static Configuration register(Configuration hadoop) {
        hadoop.setClass("fs.strict.impl", StrictFileSystem.class, org.apache.hadoop.fs.FileSystem.class);
        return hadoop;
    }

    /** The disk is full after {@code bytes} more, until the returned handle is closed. */
    public static Broken fullAfter(long bytes) {
        bytesLeft = bytes;
        return () -> bytesLeft = Long.MAX_VALUE;
    }

    /** After {@code changes} more renames and deletions every further one fails, until the returned handle is closed. */
    public static Broken brokenAfter(long changes) {
        changesLeft = changes;
        return () -> changesLeft = Long.MAX_VALUE;
    }

    private static void change() throws IOException {
        if (--changesLeft < 0) {
            throw new IOException("the connection is gone");
        }
    }

    /** A file system in trouble, until this is closed. */
    public interface Broken extends AutoCloseable {
        @Override
        void close();
    }

    @Override
    public void initialize(URI name, Configuration hadoop) throws IOException {
        fs.initialize(URI.create("file:///"), hadoop);
        setConf(hadoop);
    }

    @Override
    public URI getUri() {
        return ROOT;
    }

    @Override
    public String getScheme() {
        return "strict";
    }

    @Override
    protected void checkPath(Path path) {}

    @Override
    public Path makeQualified(Path path) {
        return path.makeQualified(ROOT, new Path("/"));
    }

    private static Path local(Path path) {
        return new Path("file", null, path.toUri().getPath());
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        change();
        if (fs.exists(local(to)) || fs.getFileStatus(local(from)).isDirectory()) {
            return false;
        }
        return fs.rename(local(from), local(to));
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
        OutputStream out = fs.create(local(path), overwrite, bufferSize, replication, blockSize);
        return new FSDataOutputStream(new Limited(out), null);
    }

    private static final class Limited extends FilterOutputStream {
        Limited(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            bytesLeft -= length;
            if (bytesLeft < 0) {
                throw new IOException("No space left on device");
            }
            out.write(bytes, offset, length);
        }
    }

    @Override
    public org.apache.hadoop.fs.FSDataInputStream open(Path path, int bufferSize) throws IOException {
        String notes = getConf().get("fs.strict.opened");
        if (notes != null) {
            Files.writeString(
                    java.nio.file.Path.of(notes),
                    path.toUri().getPath() + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
        return fs.open(local(path), bufferSize);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        change();
        return fs.delete(local(path), recursive);
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        FileStatus[] found = fs.listStatus(local(path));
        for (int i = 0; i < found.length; i++) {
            found[i] = ours(found[i]);
        }
        return found;
    }

    /** With a path of this file system: whoever lists a directory finds its files by that. */
    private FileStatus ours(FileStatus status) {
        return new FileStatus(
                status.getLen(),
                status.isDirectory(),
                status.getReplication(),
                status.getBlockSize(),
                status.getModificationTime(),
                makeQualified(new Path(status.getPath().toUri().getPath())));
    }

    @Override
    public boolean mkdirs(Path path) throws IOException {
        return fs.mkdirs(local(path));
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) throws IOException {
        return fs.mkdirs(local(path), permission);
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        return ours(fs.getFileStatus(local(path)));
    }

    @Override
    public short getDefaultReplication(Path path) {
        return 1;
    }

    @Override
    public long getDefaultBlockSize(Path path) {
        return 32 << 20;
    }
}
