package io.sightline.job.execute;

import io.sightline.job.config.ConfigException;
import io.sightline.job.table.CommittedChunks;
import io.sightline.job.table.Manifest;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import io.sightline.job.table.iceberg.IcebergFolders;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The state of a run's directory, on the driver. While a run is not finished its manifest lies in {@code _run.json}; {@code manifest.json}
 * is written last of all, so that nothing unfinished looks finished.
 */
final class RunFolder {
    private final RunDirectory run;
    private final Configuration hadoop;

    RunFolder(RunDirectory run, Configuration hadoop) {
        this.run = run;
        this.hadoop = hadoop;
    }

    private FileSystem files() throws IOException {
        return run.fileSystem(hadoop);
    }

    private Path running() {
        return new Path(run.root(), "_run.json");
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
        Optional<Manifest> finished = read(run.manifest());
        return finished.isPresent() ? finished : read(running());
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
        Optional<Manifest> before = manifest();
        if (before.isPresent()) {
            List<String> differences = before.get().identity().differencesTo(identity);
            if (!differences.isEmpty()) {
                throw new ConfigException("--resume: the run in " + run + " was another one: "
                        + String.join("; ", differences) + "; undo the change, or --overwrite the run");
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

    /** @throws ConfigException if a run of the other format is here, whose rows others can't replace in one step */
    void requireFormat(boolean iceberg) throws IOException {
        boolean chunks = files().exists(run.commits());
        if (iceberg ? chunks && !hasIcebergTables() : hasIcebergTables()) {
            throw new ConfigException("output.format: the run in " + run + " has "
                    + (iceberg ? "Parquet" : "Iceberg") + " tables, which --overwrite can't replace by "
                    + (iceberg ? "Iceberg" : "Parquet") + " ones; choose another directory, or delete that one");
        }
    }

    /**
     * Deletes the run that is here, but for Iceberg tables: they show its rows until another run takes their place. Its records go before the
     * next run's manifest comes, so that wherever this breaks off, none is taken for that one's.
     */
    void makeRoom() throws IOException {
        if (hasIcebergTables()) {
            files().mkdirs(run.file(RunTable.ACTIVATIONS, 0).getParent());
            files().delete(run.commits(), true);
        } else {
            delete();
        }
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
        files().delete(running(), false);
        if (!files().rename(fresh, running())) {
            throw new IOException("cannot rename " + fresh + " to " + running());
        }
    }

    /** After manifest.json stands. */
    void forgetRunning() throws IOException {
        files().delete(running(), false);
    }
}
