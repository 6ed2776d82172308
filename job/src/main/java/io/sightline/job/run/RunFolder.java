package io.sightline.job.run;

import io.sightline.job.config.ConfigException;
import io.sightline.job.table.Manifest;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import io.sightline.job.table.files.Claim;
import io.sightline.job.table.files.DirectorySwap;
import io.sightline.job.table.files.StoredFiles;
import io.sightline.job.table.iceberg.IcebergFolders;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * An output directory as a session finds it, on the driver. While a run is not complete its manifest is in {@code _run.json}; {@code
 * manifest.json} is written last of all, so that nothing unfinished looks finished. {@link #open} claims the directory and makes the one
 * transition from what is there to a run that this session works on.
 */
final class RunFolder {
    /** What a process may leave that was killed before it wrote {@code _run.json}, or after it deleted that. */
    private static final Set<String> LEFTOVERS = Set.of(Claim.FOLDER, DirectorySwap.NEXT, "_run.json.new", "_staging");

    private final RunDirectory run;
    private final TableFormat format;
    private final Configuration hadoop;
    private final StoredFiles files;
    private final DirectorySwap swap;

    private RunFolder(RunDirectory run, TableFormat format, Configuration hadoop) throws IOException {
        this.run = run;
        this.format = format;
        this.hadoop = hadoop;
        this.files = run.files(hadoop);
        this.swap = run.swap(hadoop);
    }

    /** @throws ConfigException if {@code location} is not a place for files */
    static RunFolder of(String location, TableFormat format, Configuration hadoop) {
        try {
            return new RunFolder(RunDirectory.of(location), format, hadoop);
        } catch (IllegalArgumentException | IOException e) {
            throw new ConfigException("output.path: " + e.getMessage(), e);
        }
    }

    RunDirectory run() {
        return run;
    }

    RunState state() throws IOException {
        List<FileStatus> entries = entries();
        if (swap.isDecided()) {
            return RunState.DECIDED;
        }
        Optional<Manifest> started = read(run.running());
        Optional<Manifest> complete = read(run.manifest());
        if (started.isEmpty() && complete.isEmpty()) {
            boolean free = entries.stream()
                    .allMatch(entry -> LEFTOVERS.contains(entry.getPath().getName()));
            return free ? RunState.FREE : RunState.FOREIGN;
        }
        if (files.exists(run.next().root())) {
            return RunState.SUCCESSOR_STARTED;
        }
        // Both are there where a complete run was not tidied up, and where another run begins in its place.
        boolean same = complete.map(Manifest::runId).equals(started.map(Manifest::runId));
        return complete.isPresent() && (started.isEmpty() || same) ? RunState.COMPLETE : RunState.STARTED;
    }

    private List<FileStatus> entries() throws IOException {
        try {
            if (!files.fileSystem().getFileStatus(run.root()).isDirectory()) {
                throw new ConfigException("output.path: " + run + " is a file; expected a directory, or nothing");
            }
        } catch (FileNotFoundException absent) {
            return List.of();
        }
        return files.list(run.root());
    }

    private Optional<Manifest> read(Path path) throws IOException {
        try {
            return files.readWhole(path, Manifest::fromJson);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("output.path: " + path + ": " + e.getMessage(), e);
        }
    }

    /** The manifest of the run that {@code --resume} goes on with; empty where it begins one. */
    private Optional<Manifest> resumable(RunState state) throws IOException {
        return switch (state) {
            case FREE, FOREIGN -> Optional.empty();
            case STARTED -> read(run.running());
            case COMPLETE -> read(run.manifest());
            case SUCCESSOR_STARTED -> read(run.next().running());
            case DECIDED -> read(run.replacing());
        };
    }

    /**
     * Looks before anything costly is done.
     *
     * @throws ConfigException if the mode does not fit what is there
     * @throws io.sightline.job.table.files.DirectoryClaimedException if another process is at work there
     */
    void check(OutputMode mode) {
        try {
            entries();
            Claim.checkFree(run.root(), hadoop);
            checkFits(mode, state());
        } catch (IOException e) {
            throw new ConfigException("output.path: cannot look at " + run + ": " + e.getMessage(), e);
        }
    }

    private void checkFits(OutputMode mode, RunState state) {
        if (mode == OutputMode.CREATE && state != RunState.FREE) {
            throw new ConfigException("output.path: " + run + " exists already; "
                    + (state == RunState.FOREIGN
                            ? "choose another directory"
                            : "--resume does what is missing of the run there, --overwrite replaces it"));
        }
        if (state == RunState.FOREIGN) {
            throw new ConfigException("output.path: " + run
                    + " is not a run directory (it has neither manifest.json nor _run.json), so it is left"
                    + " alone; choose another directory");
        }
    }

    /** @throws ConfigException naming the differences, if {@code --resume} would mix two runs */
    void checkSame(Manifest.Identity identity) throws IOException {
        RunState state = state();
        List<String> differences = resumable(state)
                .map(before -> before.identity().differencesTo(identity))
                .orElse(List.of());
        if (!differences.isEmpty()) {
            throw new ConfigException("--resume: "
                    + (state == RunState.SUCCESSOR_STARTED ? "the run that was replacing the one in " : "the run in ")
                    + run
                    + " was another one: " + String.join("; ", differences)
                    + "; undo the change, or --overwrite the run");
        }
    }

    /**
     * Claims the directory, puts right what an earlier session broke off, and begins.
     *
     * @param begun the manifest of this session
     * @throws ConfigException if the mode does not fit what is there, which may have changed since it was checked
     * @throws io.sightline.job.table.files.DirectoryClaimedException if another process is at work there
     */
    ClaimedRun open(OutputMode mode, Manifest begun) throws IOException {
        Claim claim = Claim.take(run.root(), hadoop);
        boolean opened = false;
        try {
            checkFits(mode, state());
            if (mode == OutputMode.RESUME) {
                checkSame(begun.identity());
            }
            if (swap.isDecided()) {
                swap.finish();
            }
            ClaimedRun claimed = mode == OutputMode.OVERWRITE ? overwrite(begun, claim) : resume(begun, claim);
            claimed.begin();
            opened = true;
            return claimed;
        } finally {
            if (!opened) {
                claim.close();
            }
        }
    }

    /** Goes on with what is there, or begins where nothing is. */
    private ClaimedRun resume(Manifest begun, Claim claim) throws IOException {
        RunState state = state();
        RunDirectory target = state == RunState.SUCCESSOR_STARTED ? run.next() : run;
        Optional<Manifest> before = resumable(state);
        Manifest.Written written = before.map(Manifest::written).orElse(null);
        if (format == TableFormat.ICEBERG) {
            target = written == null
                    ? IcebergFolders.latest(run, hadoop)
                    : new RunDirectory(run.root(), written.dataFolder());
        }
        return new ClaimedRun(
                state,
                target,
                before.isPresent() ? begun.writtenAs(written) : identified(begun, target),
                claim,
                hadoop);
    }

    private static Manifest identified(Manifest begun, RunDirectory target) {
        return begun.writtenAs(new Manifest.Written(UUID.randomUUID().toString(), target.dataFolder()));
    }

    /**
     * A run that has rows stays until the new one is complete. Iceberg's tables show it from their snapshots, so that the new run may have its
     * place; of Parquet files, the new run's grow beside it.
     */
    private ClaimedRun overwrite(Manifest begun, Claim claim) throws IOException {
        boolean icebergTables = IcebergFolders.stand(run, hadoop);
        boolean rows = !files.list(run.commits()).isEmpty();
        if (format == TableFormat.ICEBERG ? rows && !icebergTables : icebergTables) {
            throw new ConfigException("output.format: the run in " + run + " has " + format.other()
                    + " tables, which --overwrite can't replace by " + format
                    + " ones; choose another directory, or delete that one");
        }
        files.deleteWhole(run.next().running());
        swap.discard();
        RunDirectory target = run;
        if (format == TableFormat.ICEBERG) {
            target = IcebergFolders.next(run, hadoop);
            files.makeDirectory(target.file(RunTable.ACTIVATIONS, 0).getParent());
        } else if (rows) {
            target = run.next();
        }
        return new ClaimedRun(state(), target, identified(begun, target), claim, hadoop);
    }
}
