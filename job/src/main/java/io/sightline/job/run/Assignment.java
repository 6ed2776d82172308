package io.sightline.job.run;

import io.sightline.job.config.ConfigException;
import io.sightline.job.extract.ExtractionPlan;
import io.sightline.job.model.TaskThreads;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunOwner;
import io.sightline.job.table.write.Compression;
import io.sightline.job.table.write.WriteOptions;
import java.io.IOException;
import java.io.Serializable;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * All that an executor needs to work on a run; broadcast once.
 *
 * @param extraction its id is unique, to tell this session of the run from others
 * @param plannedRows prompts of each chunk
 * @param run absolute, since an executor has a working directory of its own
 * @param owner null for a dry run, which writes nothing there
 */
record Assignment(
        ExtractionPlan extraction,
        int[] plannedRows,
        RunDirectory run,
        WriteOptions options,
        @Nullable RunOwner owner) implements Serializable {
    static Assignment of(SparkContext spark, Preparation.Ready ready, RunDirectory target, @Nullable RunOwner owner) {
        Preparation job = ready.job();
        ExtractionPlan extraction = new ExtractionPlan(
                UUID.randomUUID().toString(),
                job.spec(),
                job.job().prompts(),
                job.graph().json(),
                ready.outputs(),
                job.job().batch(),
                TaskThreads.of(spark),
                new SerializableConfiguration(job.hadoop()));
        return new Assignment(
                extraction, ready.prompts().plan().rows(), absolute(target, job.hadoop()), options(ready), owner);
    }

    static RunDirectory absolute(RunDirectory target, Configuration hadoop) {
        try {
            return new RunDirectory(
                    target.root().getFileSystem(hadoop).makeQualified(target.root()), target.dataFolder());
        } catch (IOException e) {
            throw new ConfigException("output.path: cannot look at " + target + ": " + e.getMessage(), e);
        }
    }

    static WriteOptions options(Preparation.Ready ready) {
        Preparation job = ready.job();
        return WriteOptions.DEFAULT
                .withCompression(Compression.of(job.job().output().compression()))
                .withKept(ready.prompts().frame().kept())
                .withMetadata("graph_hash", job.graph().hash())
                .withMetadata("model_hash", job.spec().modelHash());
    }

    String runId() {
        return extraction.id();
    }
}
