package io.sightline.job.table.write;

import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.CommittedChunks;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;
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

    ChunkCommit(RunDirectory run, StagingPlace staging) {
        this.run = run;
        this.staging = staging;
    }

    /**
     * Publishes {@code record}, or, if another attempt has committed the chunk before, leaves everything as it is and returns that
     * one's record.
     */
    CommitRecord publish(CommitRecord record) throws IOException {
        RunFiles files = staging.files();
        files.write(staging.commitRecord(), record.toJson());
        for (RunTable table : ORDER) {
            if (isCommitted(record.chunk())) {
                return earlier(record);
            }
            Path file = run.file(table, record.chunk());
            files.makeDirectory(file.getParent());
            if (record.file(table).isPresent()) {
                files.replace(staging.file(table).path(), file);
            } else {
                staging.fileSystem().delete(file, false); // of an attempt that was killed before its commit
            }
        }
        files.makeDirectory(run.commits());
        files.replace(staging.commitRecord(), run.commit(record.chunk()));
        return record;
    }

    /** Looked at before each move: an executor that was given up may wake up after another has committed. */
    private boolean isCommitted(int chunk) throws IOException {
        return staging.fileSystem().exists(run.commit(chunk));
    }

    private CommitRecord earlier(CommitRecord dropped) throws IOException {
        CommitRecord earlier = CommittedChunks.readRecord(staging.fileSystem(), run.commit(dropped.chunk()));
        LOG.info(
                "chunk {} was committed by attempt {}; attempt {} is dropped",
                dropped.chunk(),
                earlier.attempt(),
                dropped.attempt());
        return earlier;
    }
}
