package io.sightline.job.table.write;

import io.sightline.job.table.RunDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * The few things done to files on the way from staging to the tables. A finished file is put where readers see it by one rename of that
 * one file; directories are never renamed.
 */
interface RunFiles {

    /** The files of {@code run}, local or on any Hadoop file system. */
    static RunFiles of(RunDirectory run, Configuration hadoop) throws IOException {
        FileSystem files = run.fileSystem(hadoop);
        return files instanceof RawLocalFileSystem local ? new LocalRunFiles(local) : new HadoopRunFiles(files, hadoop);
    }

    /** Opens a new file, or empties one that is there; the caller closes the stream. */
    OutputStream create(Path path) throws IOException;

    /** Makes {@code directory} and its parents where they are missing. */
    void makeDirectory(Path directory) throws IOException;

    /** Renames {@code from} to {@code to}, whose directory exists; replaces a file that stands there. */
    void replace(Path from, Path to) throws IOException;

    /** Writes {@code text} to a new file. */
    default void write(Path path, String text) throws IOException {
        try (OutputStream out = create(path)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
