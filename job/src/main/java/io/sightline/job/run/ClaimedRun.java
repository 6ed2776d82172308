package io.sightline.job.run;

import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.CommittedChunks;
import io.sightline.job.table.Manifest;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunOwner;
import io.sightline.job.table.RunTable;
import io.sightline.job.table.files.Claim;
import io.sightline.job.table.files.DirectorySwap;
import io.sightline.job.table.files.StoredFiles;
import io.sightline.job.table.iceberg.IcebergFolders;
import io.sightline.job.table.write.VocabularyFile;
import io.sightline.job.table.write.WriteOptions;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The run that this process works on, in a directory that it has claimed. It ends by {@link #complete} or {@link #fail}; closing gives the
 * directory back. Each step that changes what the directory says first checks that the claim still holds.
 */
final class ClaimedRun implements AutoCloseable {
    private final RunDirectory run;
    private final Manifest begun;
    private final Claim claim;
    private final Configuration hadoop;
    private final StoredFiles files;
    private final RunState found;
    private CommittedChunks before = CommittedChunks.NONE;

    /**
     * @param found what the directory held
     * @param run where the rows go: the directory itself, or {@code _next/} inside it
     */
    ClaimedRun(RunState found, RunDirectory run, Manifest begun, Claim claim, Configuration hadoop) throws IOException {
        this.found = found;
        this.run = run;
        this.begun = begun;
        this.claim = claim;
        this.hadoop = hadoop;
        this.files = run.files(hadoop);
    }

    RunDirectory run() {
        return run;
    }

    /** The manifest of this session. */
    Manifest manifest() {
        return begun;
    }

    RunOwner owner() {
        return new RunOwner(begun.runId(), claim.ticket());
    }

    /** Whether this run is to replace the one around it. */
    boolean isSuccessor() {
        return run.root().getName().equals(DirectorySwap.NEXT);
    }

    private RunDirectory around() {
        return new RunDirectory(run.root().getParent());
    }

    /** Whether this run replaces another, is complete and counts. */
    boolean isDecided() throws IOException {
        return isSuccessor() && around().swap(hadoop).isDecided();
    }

    /** Marks the run as begun; from now on {@code --resume} goes on with it. What another run left in its place is deleted after that. */
    void begin() throws IOException {
        claim.check();
        files.writeWhole(run.running(), begun.toJson());
        Optional<Manifest> complete = files.readWhole(run.manifest(), Manifest::fromJson);
        if (complete.isPresent() && !Objects.equals(complete.get().runId(), begun.runId())) {
            files.deleteWhole(run.manifest());
        }
        before = CommittedChunks.unverified(run, hadoop).ofRun(begun.runId());
        if (before.numbers().isEmpty()) {
            files.delete(run.commits());
            for (RunTable table : run.dataFolder().isEmpty() ? RunTable.values() : new RunTable[0]) {
                files.delete(run.table(table));
            }
        }
        files.delete(run.staging());
    }

    /**
     * The chunks that earlier sessions of this run committed.
     *
     * @throws IllegalStateException if one of their files is damaged
     */
    CommittedChunks before() throws IOException {
        before.verify(run, hadoop);
        return before;
    }

    /** The chunks of this run, read again. */
    CommittedChunks committed() throws IOException {
        CommittedChunks committed = CommittedChunks.unverified(run, hadoop).ofRun(begun.runId());
        committed.verify(run, hadoop);
        return committed;
    }

    /** The same, from what tasks reported. */
    CommittedChunks committed(Collection<CommitRecord> reported) throws IOException {
        return before.with(reported, run, hadoop);
    }

    /** Writes the tokens by id beside the tables. */
    void writeVocabulary(Map<Long, String> tokens, WriteOptions options) throws IOException {
        claim.check();
        VocabularyFile.write(run, tokens, options, hadoop);
    }

    /** Ends the run: from now on {@code manifest} says that it is complete, here or, for a successor, in the directory around this one. */
    void complete(Manifest manifest) throws IOException {
        files.delete(run.staging());
        claim.check();
        if (isSuccessor()) {
            DirectorySwap swap = around().swap(hadoop);
            swap.decide(manifest.toJson());
            swap.finish();
            return;
        }
        files.writeWhole(run.manifest(), manifest.toJson());
        files.deleteWhole(run.running());
    }

    /**
     * Ends the run as one to be resumed, or leaves nothing of it where it has no rows.
     *
     * @param manifest says so
     */
    void fail(Manifest manifest, CommittedChunks kept) throws IOException {
        claim.check();
        if (!kept.numbers().isEmpty() || (found != RunState.FREE && IcebergFolders.stand(run, hadoop))) {
            // Iceberg tables show the run before, whatever becomes of its records.
            files.writeWhole(run.running(), manifest.toJson());
            return;
        }
        files.deleteWhole(run.manifest());
        for (String name : RunDirectory.CONTENTS) {
            if (!name.startsWith("_run")) {
                files.delete(new Path(run.root(), name));
            }
        }
        files.deleteWhole(run.running());
        if (isSuccessor()) {
            files.delete(run.root());
        }
    }

    /** A directory that holds nothing any more is deleted. */
    @Override
    public void close() {
        claim.close();
        try {
            Path root = isSuccessor() ? around().root() : run.root();
            if (files.exists(root) && files.list(root).isEmpty()) {
                files.fileSystem().delete(root, false);
            }
        } catch (IOException e) {
            // an empty directory is as good as none
        }
    }
}
