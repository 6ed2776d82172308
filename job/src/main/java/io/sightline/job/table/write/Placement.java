package io.sightline.job.table.write;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/** Puts finished files where readers see them: one rename of one file each, over what stood there. Directories are never renamed. */
final class Placement {
    private final FileSystem files;
    private final Configuration hadoop;

    Placement(FileSystem files, Configuration hadoop) {
        this.files = files;
        this.hadoop = hadoop;
    }

    /** Makes {@code directory} and its parents. */
    void makeDirectory(Path directory) throws IOException {
        if (!files.mkdirs(directory)) {
            throw new IOException("directory " + directory + " cannot be made: no permission, or a file is in its way");
        }
    }

    /** Writes {@code text} to {@code staged}, a new file. */
    void write(Path staged, String text) throws IOException {
        try (FSDataOutputStream out = files.create(staged, true)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Renames {@code from} to {@code to}, whose directory exists; replaces a file that stands there. */
    void replace(Path from, Path to) throws IOException {
        if (files instanceof RawLocalFileSystem local) {
            Files.move(local.pathToFile(from).toPath(), local.pathToFile(to).toPath(), StandardCopyOption.ATOMIC_MOVE);
        } else if (files.exists(to) || !files.rename(from, to)) {
            renameOver(from, to);
        }
    }

    private void renameOver(Path from, Path to) throws IOException {
        try {
            FileContext.getFileContext(files.getUri(), hadoop).rename(from, to, Options.Rename.OVERWRITE);
        } catch (UnsupportedFileSystemException withoutContext) {
            files.delete(to, false);
            if (!files.rename(from, to)) {
                throw new IOException("cannot rename " + from + " to " + to);
            }
        }
    }
}
