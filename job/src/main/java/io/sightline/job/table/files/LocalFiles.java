package io.sightline.job.table.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Local files through {@code java.nio}: Hadoop's own local file system, without its native library, starts a {@code chmod} process for
 * every file and directory it makes, and throws a full disk as an {@code Error}.
 */
final class LocalFiles extends StoredFiles {
    private final RawLocalFileSystem files;

    LocalFiles(RawLocalFileSystem files) {
        super(files);
        this.files = files;
    }

    private java.nio.file.Path local(Path path) {
        return files.pathToFile(path).toPath();
    }

    @Override
    public OutputStream create(Path path) throws IOException {
        return Files.newOutputStream(local(path));
    }

    @Override
    OutputStream createNew(Path path) throws IOException {
        return Files.newOutputStream(local(path), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Override
    public void makeDirectory(Path directory) throws IOException {
        Files.createDirectories(local(directory));
    }

    @Override
    public void replace(Path from, Path to) throws IOException {
        Files.move(local(from), local(to), StandardCopyOption.ATOMIC_MOVE);
    }
}
