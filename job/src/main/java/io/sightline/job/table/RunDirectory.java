package io.sightline.job.table;

import io.sightline.job.table.files.DirectorySwap;
import io.sightline.job.table.files.StoredFiles;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where everything of a run lies: {@code activations/}, {@code values/}, {@code prompts/} and {@code errors/} with one file a chunk,
 * {@code manifest.json}, and, hidden from every reader by their underscore, {@code _commits/} and {@code _staging/}.
 *
 * @param root the run directory, on any Hadoop file system
 * @param dataFolder where files lie below their table's directory: in it, {@code ""}, where the table is nothing but its files, or, where it
 *     is an Iceberg table, {@code data/r1}
 */
public record RunDirectory(Path root, String dataFolder) implements Serializable {
    /** Also the name of its SQL view. */
    public static final String VOCABULARY = "vocabulary";

    /** What a run writes into its directory, beside its manifest; other files there are the user's. */
    public static final List<String> CONTENTS = List.of(
            "_commits",
            "activations",
            "values",
            "prompts",
            "errors",
            VOCABULARY,
            "_staging",
            "_run.json",
            "_run.json.new");

    /** One whose tables are nothing but their files. */
    public RunDirectory(Path root) {
        this(root, "");
    }

    /** The run directory at {@code location}: a path or a Hadoop URI. */
    public static RunDirectory of(String location) {
        return new RunDirectory(new Path(location));
    }

    public Path table(RunTable table) {
        return new Path(root, table.directoryName());
    }

    /** The file chunk {@code chunk} has, or will have, in {@code table}: {@code activations/chunk-00012.parquet}. */
    public Path file(RunTable table, int chunk) {
        return new Path(root, fileName(table, chunk));
    }

    /** The same, relative to the run directory. */
    public String fileName(RunTable table, int chunk) {
        String folder = dataFolder.isEmpty() ? "" : dataFolder + "/";
        return table.directoryName() + "/" + folder + chunkName(chunk) + ".parquet";
    }

    /** The directory of the tokens by id, beside the tables: it has rows, but no chunks. */
    public Path vocabulary() {
        return new Path(root, VOCABULARY);
    }

    public Path manifest() {
        return new Path(root, DirectorySwap.MANIFEST);
    }

    public Path commits() {
        return new Path(root, "_commits");
    }

    /** The record that makes chunk {@code chunk} a part of the run: {@code _commits/chunk-00012.json}. */
    public Path commit(int chunk) {
        return new Path(commits(), chunkName(chunk) + ".json");
    }

    public Path staging() {
        return new Path(root, "_staging");
    }

    /** Where a run that is to replace this one grows until it is complete, hidden from every reader. */
    public RunDirectory next() {
        return new RunDirectory(new Path(root, DirectorySwap.NEXT));
    }

    /** The manifest of a run that has begun and not ended. */
    public Path running() {
        return new Path(root, "_run.json");
    }

    /**
     * The manifest of {@link #next()} once it is complete. From the moment this file stands, that run counts and not the one before; it
     * becomes {@link #manifest()} when all its files are in their places.
     */
    public Path replacing() {
        return new Path(root, DirectorySwap.DECIDED);
    }

    /** The base name of chunk {@code chunk}'s files, at least five digits: {@code chunk-00012}. */
    public static String chunkName(int chunk) {
        if (chunk < 0) {
            throw new IllegalArgumentException("a chunk's number is 0 or more, not " + chunk);
        }
        return String.format(Locale.ROOT, "chunk-%05d", chunk);
    }

    /** The file system that holds this run. */
    public FileSystem fileSystem(Configuration hadoop) throws IOException {
        return StoredFiles.fileSystem(root, hadoop);
    }

    /** The files of this run. */
    public StoredFiles files(Configuration hadoop) throws IOException {
        return StoredFiles.of(root, hadoop);
    }

    /** What replaces this run by {@link #next()}. */
    public DirectorySwap swap(Configuration hadoop) throws IOException {
        return new DirectorySwap(files(hadoop), root, CONTENTS);
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
