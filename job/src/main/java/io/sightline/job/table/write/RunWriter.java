package io.sightline.job.table.write;

import io.sightline.job.table.Manifest;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunOwner;
import io.sightline.job.table.TableSchemas;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * Opens the chunks of one run in this JVM, and holds the buffers they share: keep one for as long as the executor works on the run, and
 * let all its task threads use it.
 */
public final class RunWriter {
    private final RunDirectory run;
    private final WriteOptions options;
    private final @Nullable RunOwner owner;
    private final Configuration hadoop;
    private final WriteBuffers buffers;

    private RunWriter(RunDirectory run, WriteOptions options, @Nullable RunOwner owner, Configuration hadoop) {
        this.run = run;
        this.options = options;
        this.owner = owner;
        this.hadoop = hadoop;
        this.buffers = new WriteBuffers(options.bufferBytes());
    }

    /**
     * @param owner null where nobody else can write into the directory
     * @throws IllegalArgumentException if a kept column has the name of another column of the prompts table
     */
    public static RunWriter of(RunDirectory run, WriteOptions options, @Nullable RunOwner owner, Configuration hadoop) {
        TableSchemas.prompts(options.kept());
        return new RunWriter(run, options, owner, hadoop);
    }

    /** One into a directory that nobody else can write into. */
    public static RunWriter of(RunDirectory run, WriteOptions options, Configuration hadoop) {
        return of(run, options, null, hadoop);
    }

    /**
     * Begins one attempt at one chunk. The caller closes it; without {@link ChunkWriter#commit()} before, that leaves no trace.
     *
     * @throws TableWriteException if the run directory cannot be written
     */
    public ChunkWriter open(ChunkIdentity identity) {
        return ChunkWriter.open(run, identity, options, hadoop, buffers, owner);
    }

    /**
     * Writes {@code manifest.json} by one rename over an earlier one.
     *
     * @throws TableWriteException if that fails; an earlier manifest then stands unchanged
     */
    public void write(Manifest manifest) {
        try {
            run.files(hadoop).writeWhole(run.manifest(), manifest.toJson());
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
            run.files(hadoop).delete(run.staging());
        } catch (IOException e) {
            throw new TableWriteException("cannot delete " + run.staging(), e, ChunkWriter.REMEDY);
        }
    }

    /** Bytes of buffers that open chunks hold now. */
    long bufferedBytes() {
        return buffers.lentBytes();
    }
}
