package io.sightline.job.run;

import io.sightline.job.config.BatchLimits;
import io.sightline.job.config.PromptSource;
import io.sightline.job.extract.ResolvedCapture;
import io.sightline.job.extract.SavedValue;
import io.sightline.job.model.ModelSpec;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.write.WriteOptions;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * All that an executor needs to work on a run; broadcast once.
 *
 * @param runId unique, to tell this session of the run from others
 * @param graph the intervention graph on the wire, or null
 * @param keepLastLogits whether nothing looks at logits before the last token, so that the model need not make them
 * @param plannedRows prompts of each chunk
 * @param threads CPU threads a task slot may use
 */
record Assignment(
        String runId,
        ModelSpec model,
        PromptSource prompts,
        @Nullable String graph,
        List<ResolvedCapture> captures,
        List<SavedValue> values,
        boolean keepLastLogits,
        BatchLimits batch,
        int[] plannedRows,
        int threads,
        RunDirectory run,
        WriteOptions options,
        SerializableConfiguration hadoop)
        implements Serializable {}
