package io.sightline.job.table.write;

import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.CommittedChunks;
import io.sightline.job.table.Manifest;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A run that replaces the one in its directory. It grows in {@link RunDirectory#next()} while the old one stays as it is. When it is
 * complete, {@link #decide} writes one small file, from which on the new run counts; {@link #finish} then moves its files over the old ones, and
 * may be broken off and begun again at any point. Only the driver uses it, one process at a time.
 */
public final class Replacement {
    private final RunDirectory run;
    private final RunDirectory next;
    private final FileSystem fileSystem;
    private final RunFiles files;

    private Replacement(RunDirectory run, FileSystem fileSystem, RunFiles files) {
        this.run = run;
        this.next = run.next();
        this.fileSystem = fileSystem;
        this.files = files;
    }

    public static Replacement of(RunDirectory run, Configuration hadoop) throws IOException {
        return new Replacement(run, run.fileSystem(hadoop), RunFiles.of(run, hadoop));
    }

    /** Whether the new run counts, and may not be in its place yet. */
    public boolean isDecided() throws IOException {
        return fileSystem.exists(run.replacing());
    }

    /** Deletes what there is of a new run. */
    public void discard() throws IOException {
        fileSystem.delete(next.root(), true);
    }

    /** From now on the new run, which must be complete, counts. */
    public void decide(Manifest complete) throws IOException {
        Path staged = new Path(next.root(), "manifest.json.new");
        files.write(staged, complete.toJson());
        files.replace(staged, run.replacing());
    }

    /**
     * Puts the new run in its place, after {@link #decide}.
     *
     * @param decided as it was given to {@link #decide}
     */
    public void finish(Manifest decided) throws IOException {
        // Whoever looks for a manifest sees that the tables are neither the old run nor the new one just now.
        fileSystem.delete(run.manifest(), false);
        fileSystem.delete(run.running(), false);
        Set<String> chunks = new HashSet<>();
        for (int chunk = 0; chunk < decided.plan().chunks(); chunk++) {
            chunks.add(RunDirectory.chunkName(chunk));
            move(chunk);
        }
        for (RunTable table : RunTable.values()) {
            deleteOthers(run.table(table), chunks);
        }
        deleteOthers(run.commits(), chunks);
        fileSystem.delete(run.staging(), true);
        discard();
        files.replace(run.replacing(), run.manifest());
    }

    private void move(int chunk) throws IOException {
        if (!fileSystem.exists(next.commit(chunk))) {
            return; // the record moves last, so all of the chunk is in its place
        }
        CommitRecord record = CommittedChunks.readRecord(fileSystem, next.commit(chunk));
        for (RunTable table : RunTable.values()) {
            Path from = next.file(table, chunk);
            if (record.file(table).isEmpty()) {
                fileSystem.delete(run.file(table, chunk), false); // the old run's
            } else if (fileSystem.exists(from)) {
                files.makeDirectory(run.table(table));
                files.replace(from, run.file(table, chunk));
            }
        }
        files.makeDirectory(run.commits());
        files.replace(next.commit(chunk), run.commit(chunk));
    }

    /** The old run may have had more chunks. */
    private void deleteOthers(Path directory, Set<String> chunks) throws IOException {
        FileStatus[] found;
        try {
            found = fileSystem.listStatus(directory);
        } catch (FileNotFoundException none) {
            return;
        }
        for (FileStatus status : found) {
            String name = status.getPath().getName();
            int dot = name.indexOf('.');
            if (name.startsWith("chunk-") && !chunks.contains(dot < 0 ? name : name.substring(0, dot))) {
                fileSystem.delete(status.getPath(), false);
            }
        }
    }
}
