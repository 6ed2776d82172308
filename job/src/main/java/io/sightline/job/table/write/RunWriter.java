package io.sightline.job.table.write;

import io.sightline.job.table.Manifest;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.TableSchemas;
import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Opens the chunks of one run in this JVM, and holds the buffers they share: keep one for as long as the executor works on the run, and
 * let all its task threads use it.
 */
public final class RunWriter {
    private final RunDirectory run;
    private final WriteOptions options;
    private final Configuration hadoop;
    private final WriteBuffers buffers;

    private RunWriter(RunDirectory run, WriteOptions options, Configuration hadoop) {
        this.run = run;
        this.options = options;
        this.hadoop = hadoop;
        this.buffers = new WriteBuffers(options.bufferBytes());
    }

    /** @throws IllegalArgumentException if a kept column has the name of another column of the prompts table */
    public static RunWriter of(RunDirectory run, WriteOptions options, Configuration hadoop) {
        TableSchemas.prompts(options.kept());
        return new RunWriter(run, options, hadoop);
    }

    /**
     * Begins one attempt at one chunk. The caller closes it; without {@link ChunkWriter#commit()} before, that leaves no trace.
     *
     * @throws TableWriteException if the run directory cannot be written
     */
    public ChunkWriter open(ChunkIdentity identity) {
        return ChunkWriter.open(run, identity, options, hadoop, buffers);
    }

    /**
     * Writes {@code manifest.json} by one rename over an earlier one.
     *
     * @throws TableWriteException if that fails; an earlier manifest then stands unchanged
     */
    public void write(Manifest manifest) {
        Path staged = new Path(run.staging(), "manifest-" + UUID.randomUUID() + ".json");
        try {
            RunFiles files = RunFiles.of(run, hadoop);
            files.makeDirectory(run.staging());
            files.write(staged, manifest.toJson());
            files.replace(staged, run.manifest());
        } catch (IOException e) {
            throw new TableWriteException("cannot write " + run.manifest(), e, ChunkWriter.REMEDY);
        }
    }

    /**
     * Deletes what killed attempts left in the staging place. Only the driver calls it, while no chunk of the run is open anywhere.
     *
     * @throws TableWriteException if that fails
     */
    public void clearStaging() {
        try {
            FileSystem files = run.fileSystem(hadoop);
            files.delete(run.staging(), true);
        } catch (IOException e) {
            throw new TableWriteException("cannot delete " + run.staging(), e, ChunkWriter.REMEDY);
        }
    }

    /** Bytes of buffers that open chunks hold now. */
    long bufferedBytes() {
        return buffers.lentBytes();
    }
}
