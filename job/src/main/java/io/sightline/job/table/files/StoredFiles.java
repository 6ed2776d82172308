package io.sightline.job.table.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.commons.io.IOUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The files of one file system. A finished file is put where readers see it by one rename of that one file; directories are never renamed. */
public abstract class StoredFiles {
    private final FileSystem fileSystem;

    StoredFiles(FileSystem fileSystem) {
        this.fileSystem = fileSystem;
    }

    /** The files around {@code place}, local or on any Hadoop file system. */
    public static StoredFiles of(Path place, Configuration hadoop) throws IOException {
        FileSystem files = fileSystem(place, hadoop);
        return files instanceof RawLocalFileSystem local ? new LocalFiles(local) : new HadoopFiles(files, hadoop);
    }

    /**
     * The file system of {@code place}. For local paths it is the one without {@code .crc} side files, which would litter the tables:
     * Parquet pages carry their own checksums and the commit record has those of whole files.
     */
    public static FileSystem fileSystem(Path place, Configuration hadoop) throws IOException {
        FileSystem files = place.getFileSystem(hadoop);
        return files instanceof LocalFileSystem local ? local.getRawFileSystem() : files;
    }

    public FileSystem fileSystem() {
        return fileSystem;
    }

    /** Opens a new file, or empties one that is there; the caller closes the stream. */
    public abstract OutputStream create(Path path) throws IOException;

    /** Makes {@code directory} and its parents where they are missing. */
    public abstract void makeDirectory(Path directory) throws IOException;

    /** Renames {@code from} to {@code to}, whose directory exists; replaces a file that stands there. */
    public abstract void replace(Path from, Path to) throws IOException;

    /** Opens a new file, which only one of several processes can; fails if it is there. */
    abstract OutputStream createNew(Path path) throws IOException;

    /** Writes {@code text} to a file that readers do not look for yet. */
    public void write(Path path, String text) throws IOException {
        try (OutputStream out = create(path)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Writes a new file. Returns false if the file is there, and leaves it alone. */
    public boolean writeNew(Path path, String text) throws IOException {
        OutputStream opened;
        try {
            opened = createNew(path);
        } catch (IOException e) {
            if (exists(path)) {
                return false;
            }
            throw e;
        }
        try (OutputStream out = opened) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return true;
    }

    /**
     * Writes a small file whose readers see the old text or the new one. Where the file system cannot rename over a file, a process that is
     * killed may leave the new text beside the place only; {@link #readWhole} finds it there.
     */
    public void writeWhole(Path path, String text) throws IOException {
        makeDirectory(path.getParent());
        write(beside(path), text);
        replace(beside(path), path);
    }

    /**
     * Reads a file that {@link #writeWhole} writes.
     *
     * @param parse throws an {@link IllegalArgumentException} for a text that is cut short
     */
    public <T> Optional<T> readWhole(Path path, Function<String, T> parse) throws IOException {
        Optional<String> text = read(path);
        if (text.isPresent()) {
            return text.map(parse);
        }
        try {
            return read(beside(path)).map(parse);
        } catch (IllegalArgumentException cutShort) {
            return Optional.empty();
        }
    }

    /** Deletes a file that {@link #writeWhole} writes. */
    public void deleteWhole(Path path) throws IOException {
        delete(beside(path));
        delete(path);
    }

    /** Where the next text of {@code path} is written; hidden from readers by its underscore. */
    static Path beside(Path path) {
        String name = path.getName();
        return new Path(path.getParent(), (name.startsWith("_") ? "" : "_") + name + ".new");
    }

    private Optional<String> read(Path path) throws IOException {
        try (InputStream in = fileSystem.open(path)) {
            return Optional.of(IOUtils.toString(in, StandardCharsets.UTF_8));
        } catch (FileNotFoundException absent) {
            return Optional.empty();
        }
    }

    public boolean exists(Path path) throws IOException {
        return fileSystem.exists(path);
    }

    /** Deletes a file or a whole directory; nothing happens where there is none. */
    public void delete(Path path) throws IOException {
        fileSystem.delete(path, true);
    }

    /** What is in {@code directory}; nothing where there is no such directory. */
    public List<FileStatus> list(Path directory) throws IOException {
        try {
            return Arrays.asList(fileSystem.listStatus(directory));
        } catch (FileNotFoundException absent) {
            return List.of();
        }
    }
}
