package io.sightline.job.table.write;

import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import io.sightline.job.table.files.StoredFiles;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The hidden directory of one attempt at one chunk; nothing in it is seen by any reader. */
final class StagingPlace {
    private final StoredFiles files;
    private final Path directory;
    private final Map<RunTable, StagedFile> tables = new EnumMap<>(RunTable.class);

    private StagingPlace(StoredFiles files, Path directory) {
        this.files = files;
        this.directory = directory;
    }

    /** An empty place for {@code identity}. */
    static StagingPlace open(RunDirectory run, ChunkIdentity identity, Configuration hadoop) throws IOException {
        StoredFiles files = run.files(hadoop);
        Path directory = new Path(run.staging(), identity.directoryName());
        files.delete(directory);
        files.makeDirectory(directory);
        return new StagingPlace(files, directory);
    }

    StoredFiles files() {
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
        files.delete(directory);
    }

    private static void closeQuietly(StagedFile file) {
        try {
            file.close();
        } catch (IOException alreadyBroken) {
            // the write before it failed and was reported; the file is about to be deleted
        }
    }
}
