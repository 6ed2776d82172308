package io.sightline.job.table.write;

import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.CommittedChunks;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunOwner;
import io.sightline.job.table.RunTable;
import io.sightline.job.table.files.StoredFiles;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a staged chunk a part of the run: its files move first, its commit record last. */
final class ChunkCommit {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkCommit.class);

    /** Activations last: whoever sees a chunk's vectors finds its prompts. */
    private static final List<RunTable> ORDER =
            List.of(RunTable.PROMPTS, RunTable.ERRORS, RunTable.VALUES, RunTable.ACTIVATIONS);

    private final RunDirectory run;
    private final StagingPlace staging;
    private final @Nullable RunOwner owner;

    ChunkCommit(RunDirectory run, StagingPlace staging, @Nullable RunOwner owner) {
        this.run = run;
        this.staging = staging;
        this.owner = owner;
    }

    /**
     * Publishes {@code record}, or, if another attempt has committed the chunk before, leaves everything as it is and returns that
     * one's record.
     */
    CommitRecord publish(CommitRecord record) throws IOException {
        StoredFiles files = staging.files();
        files.write(staging.commitRecord(), record.toJson());
        if (owner != null) {
            owner.claim().check(files);
        }
        for (RunTable table : ORDER) {
            Optional<CommitRecord> earlier = committed(record);
            if (earlier.isPresent()) {
                return earlier.get();
            }
            Path file = run.file(table, record.chunk());
            if (record.file(table).isPresent()) {
                files.makeDirectory(file.getParent());
                files.replace(staging.file(table).path(), file);
            } else {
                files.delete(file); // of an attempt that was killed before its commit
            }
        }
        files.makeDirectory(run.commits());
        files.replace(staging.commitRecord(), run.commit(record.chunk()));
        return record;
    }

    /** Looked at before each move: an executor that was given up may wake up after another has committed. */
    private Optional<CommitRecord> committed(CommitRecord dropped) throws IOException {
        Path record = run.commit(dropped.chunk());
        if (!staging.files().exists(record)) {
            return Optional.empty();
        }
        CommitRecord earlier = CommittedChunks.readRecord(staging.files().fileSystem(), record);
        if (!Objects.equals(earlier.run(), dropped.run())) {
            return Optional.empty(); // left by another run into this directory
        }
        LOG.info(
                "chunk {} was committed by attempt {}; attempt {} is dropped",
                dropped.chunk(),
                earlier.attempt(),
                dropped.attempt());
        return Optional.of(earlier);
    }
}
