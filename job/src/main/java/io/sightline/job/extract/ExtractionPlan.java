package io.sightline.job.extract;

import io.sightline.engine.Torch;
import io.sightline.job.config.BatchLimits;
import io.sightline.job.config.PromptSource;
import io.sightline.job.model.LoadedModel;
import io.sightline.job.model.ModelPool;
import io.sightline.job.model.ModelSpec;
import io.sightline.job.model.TaskDevice;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * What an executor needs to run batches.
 *
 * @param id unique; an executor makes one extractor for it
 * @param graph the intervention graph on the wire, or null
 * @param outputs what leaves each batch, with known shapes
 * @param threads CPU threads that a task slot may use
 */
public record ExtractionPlan(
        String id,
        ModelSpec model,
        PromptSource prompts,
        @Nullable String graph,
        List<Output> outputs,
        BatchLimits batch,
        int threads,
        SerializableConfiguration hadoop)
        implements Serializable {
    public ExtractionPlan {
        outputs = List.copyOf(outputs);
    }

    /** The device of the calling task. */
    public TaskDevice device() {
        return TaskDevice.ofCallingTask(model.source().device());
    }

    /**
     * The extractor of this JVM for {@code device}. The model is loaded, and the graph compiled, by the first task that asks.
     *
     * @throws IllegalStateException if the model is gone, or is not what the driver saw
     */
    public Extractor open(TaskDevice device) {
        LoadedModel loaded = load(device);
        return loaded.once(id, () -> new Extractor(loaded, prompts, JobGraph.of(graph), outputs, batch));
    }

    /** The model of this JVM, with the calling task's share of the machine's threads. */
    LoadedModel load(TaskDevice device) {
        Torch.setThreads(threads);
        return ModelPool.get(model, device.name(), hadoop.value());
    }
}
