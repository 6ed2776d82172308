package io.sightline.job.table.write;

import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The hidden directory of one attempt at one chunk; nothing in it is seen by any reader. */
final class StagingPlace {
    private final FileSystem fileSystem;
    private final RunFiles files;
    private final Path directory;
    private final Map<RunTable, StagedFile> tables = new EnumMap<>(RunTable.class);

    private StagingPlace(FileSystem fileSystem, RunFiles files, Path directory) {
        this.fileSystem = fileSystem;
        this.files = files;
        this.directory = directory;
    }

    /** An empty place for {@code identity}. */
    static StagingPlace open(RunDirectory run, ChunkIdentity identity, Configuration hadoop) throws IOException {
        FileSystem fileSystem = run.fileSystem(hadoop);
        RunFiles files = RunFiles.of(run, hadoop);
        Path directory = new Path(run.staging(), identity.directoryName());
        fileSystem.delete(directory, true);
        files.makeDirectory(directory);
        return new StagingPlace(fileSystem, files, directory);
    }

    FileSystem fileSystem() {
        return fileSystem;
    }

    RunFiles files() {
        return files;
    }

    /** The file of {@code table}. */
    StagedFile file(RunTable table) {
        return tables.computeIfAbsent(
                table, each -> new StagedFile(files, new Path(directory, each.directoryName() + ".parquet")));
    }

    Path commitRecord() {
        return new Path(directory, "commit.json");
    }

    /** Deletes the directory with all that was not moved away. */
    void delete() throws IOException {
        for (StagedFile file : tables.values()) {
            closeQuietly(file);
        }
        fileSystem.delete(directory, true);
    }

    private static void closeQuietly(StagedFile file) {
        try {
            file.close();
        } catch (IOException alreadyBroken) {
            // the write before it failed and was reported; the file is about to be deleted
        }
    }
}
