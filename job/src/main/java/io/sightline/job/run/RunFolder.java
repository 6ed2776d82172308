package io.sightline.job.run;

import io.sightline.job.config.ConfigException;
import io.sightline.job.table.CommittedChunks;
import io.sightline.job.table.Manifest;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import io.sightline.job.table.iceberg.IcebergFolders;
import io.sightline.job.table.write.Replacement;
import io.sightline.job.table.write.RunWriter;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * The state of a run's directory, on the driver. While a run is not finished its manifest lies in {@code _run.json}; {@code manifest.json}
 * is written last of all, so that nothing unfinished looks finished. A run that is to replace another grows in a folder inside that one's.
 */
final class RunFolder {
    private final RunDirectory run;
    private final Configuration hadoop;
    private final @Nullable RunFolder replaced;

    RunFolder(RunDirectory run, Configuration hadoop) {
        this(run, hadoop, null);
    }

    /** @param replaced the folder around this one, whose run this one is to replace */
    private RunFolder(RunDirectory run, Configuration hadoop, @Nullable RunFolder replaced) {
        this.run = run;
        this.hadoop = hadoop;
        this.replaced = replaced;
    }

    private FileSystem files() throws IOException {
        return run.fileSystem(hadoop);
    }

    RunDirectory run() {
        return run;
    }

    private RunFolder next() {
        return new RunFolder(run.next(), hadoop, this);
    }

    private Replacement replacement() throws IOException {
        return Replacement.of(run, hadoop);
    }

    /**
     * The folder to work in, with everything put right that an earlier process broke off: this one, or, where a run is there that has to stay
     * until its successor is complete, the successor's.
     */
    RunFolder ready(OutputMode mode) throws IOException {
        if (replacement().isDecided()) {
            finishReplacing();
        }
        switch (mode) {
            case CREATE:
                return this;
            case RESUME:
                return next().manifest().isPresent() ? next() : this;
            default:
                requireSameFormat();
                replacement().discard();
                if (hasIcebergTables()) {
                    makeRoom();
                    return this;
                }
                if (hasCommits()) {
                    return next();
                }
                delete();
                return this;
        }
    }

    /** Whether this is a run that is to replace the one around it. */
    boolean isSuccessor() {
        return replaced != null;
    }

    /** Whether this is such a run, and it is complete and counts. */
    boolean isDecided() throws IOException {
        return replaced != null && replaced.replacement().isDecided();
    }

    private void finishReplacing() throws IOException {
        Optional<Manifest> decided = read(run.replacing());
        if (decided.isPresent()) {
            replacement().finish(decided.get());
        }
    }

    private boolean hasCommits() throws IOException {
        return files().exists(run.commits()) && files().listStatus(run.commits()).length > 0;
    }

    /** Ends the run: from now on {@code manifest} says that it is complete, here or, for a successor, in the folder around this one. */
    void complete(Manifest manifest, RunWriter writer) throws IOException {
        writer.clearStaging();
        if (replaced != null) {
            replaced.replacement().decide(manifest);
            replaced.finishReplacing();
            return;
        }
        writer.write(manifest);
        files().delete(run.running(), false);
        writer.clearStaging();
    }

    /**
     * Looks before anything costly is done.
     *
     * @throws ConfigException if the mode does not fit what is there
     */
    void requireFree(OutputMode mode) {
        try {
            boolean there = files().exists(run.root());
            if (there && !files().getFileStatus(run.root()).isDirectory()) {
                throw new ConfigException("output.path: " + run + " is a file; expected a directory, or nothing");
            }
            if (!there || files().listStatus(run.root()).length == 0) {
                return;
            }
            boolean ours = manifest().isPresent();
            if (mode == OutputMode.CREATE) {
                throw new ConfigException("output.path: " + run + " exists already; "
                        + (ours
                                ? "--resume does what is missing of the run there, --overwrite replaces it"
                                : "choose another directory"));
            }
            if (!ours) {
                throw new ConfigException("output.path: " + run
                        + " is no run directory (it has neither manifest.json nor _run.json), so it is left"
                        + " alone; choose another directory");
            }
        } catch (IOException e) {
            throw new ConfigException("output.path: cannot look at " + run + ": " + e.getMessage(), e);
        }
    }

    /** The manifest of the run that is here, finished or not. */
    Optional<Manifest> manifest() throws IOException {
        for (Path path : List.of(run.replacing(), run.manifest(), run.running())) {
            Optional<Manifest> manifest = read(path);
            if (manifest.isPresent()) {
                return manifest;
            }
        }
        return Optional.empty();
    }

    private Optional<Manifest> read(Path path) throws IOException {
        try (var in = files().open(path)) {
            return Optional.of(Manifest.fromJson(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new ConfigException("output.path: " + path + ": " + e.getMessage(), e);
        }
    }

    /** @throws ConfigException naming the differences, if the run that is here is another one */
    void requireSame(Manifest.Identity identity) throws IOException {
        Optional<Manifest> successor = replacement().isDecided() ? Optional.empty() : next().manifest();
        Optional<Manifest> before = successor.isPresent() ? successor : manifest();
        if (before.isPresent()) {
            List<String> differences = before.get().identity().differencesTo(identity);
            if (!differences.isEmpty()) {
                throw new ConfigException("--resume: "
                        + (successor.isPresent() ? "the run that was replacing the one in " : "the run in ") + run
                        + " was another one: " + String.join("; ", differences)
                        + "; undo the change, or --overwrite the run");
            }
        }
    }

    CommittedChunks committed() throws IOException {
        return CommittedChunks.read(run, hadoop);
    }

    /** The manifest first, so that a deletion that breaks off leaves nothing that looks finished. */
    void delete() throws IOException {
        files().delete(run.manifest(), false);
        files().delete(run.root(), true);
    }

    /** Whether the tables here are Iceberg's, which show a run's rows whatever becomes of its files' records. */
    boolean hasIcebergTables() throws IOException {
        return IcebergFolders.stand(run, hadoop);
    }

    /** Rows of the one format can't take the place of the other's in one step. */
    private void requireSameFormat() throws IOException {
        boolean iceberg = !run.dataFolder().isEmpty();
        if (iceberg ? hasCommits() && !hasIcebergTables() : hasIcebergTables()) {
            throw new ConfigException("output.format: the run in " + run + " has "
                    + (iceberg ? "Parquet" : "Iceberg") + " tables, which --overwrite can't replace by "
                    + (iceberg ? "Iceberg" : "Parquet") + " ones; choose another directory, or delete that one");
        }
    }

    /**
     * Iceberg tables show their rows until another run takes their place, so that only the records go, and before the next run's manifest
     * comes: wherever this breaks off, none is taken for that one's.
     */
    private void makeRoom() throws IOException {
        files().mkdirs(run.file(RunTable.ACTIVATIONS, 0).getParent());
        files().delete(run.commits(), true);
    }

    /** After the manifest of a run that is not finished was written. */
    void forgetFinished() throws IOException {
        files().delete(run.manifest(), false);
    }

    /** Marks the run as begun, or as failed. */
    void writeRunning(Manifest manifest) throws IOException {
        files().mkdirs(run.root());
        Path fresh = new Path(run.root(), "_run.json.new");
        try (FSDataOutputStream out = files().create(fresh, true)) {
            out.write(manifest.toJson().getBytes(StandardCharsets.UTF_8));
        }
        files().delete(run.running(), false);
        if (!files().rename(fresh, run.running())) {
            throw new IOException("cannot rename " + fresh + " to " + run.running());
        }
    }
}
