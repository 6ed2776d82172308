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
import java.util.UUID;
import org.apache.spark.TaskContext;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/** A {@link VectorRequest} that was checked, on its way to the executors. */
public final class VectorPlan implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String id = UUID.randomUUID().toString();
    private final ModelSpec spec;
    private final PromptSource prompts;
    private final @Nullable String graph;
    private final List<CaptureTargets.Target> targets;
    private final int captures;
    private final BatchLimits batch;
    private final int threads;
    private final SerializableConfiguration hadoop;

    public VectorPlan(
            ModelSpec spec,
            PromptSource prompts,
            @Nullable String graph,
            List<CaptureTargets.Target> targets,
            int captures,
            BatchLimits batch,
            int threads,
            SerializableConfiguration hadoop) {
        this.spec = spec;
        this.prompts = prompts;
        this.graph = graph;
        this.targets = List.copyOf(targets);
        this.captures = captures;
        this.batch = batch;
        this.threads = threads;
        this.hadoop = hadoop;
    }

    /**
     * The model of this JVM, ready for the calling task's prompts. It is loaded once for all tasks, and stays.
     *
     * @throws IllegalStateException if the model is gone, or is not what the driver saw
     */
    public VectorRunner open(TaskContext task) {
        Torch.setThreads(threads);
        LoadedModel model =
                ModelPool.get(spec, TaskDevice.of(task, spec.source().device()).name(), hadoop.value());
        List<ResolvedCapture> resolved = ResolvedPlans.get(id, () -> rehearsed(model));
        return new VectorRunner(model, prompts, JobGraph.of(graph), targets, resolved, captures, batch, task);
    }

    /** Shapes do not depend on the graph, which may fail on a prompt that nobody has written. */
    private List<ResolvedCapture> rehearsed(LoadedModel model) {
        Rehearsal rehearsal = new Rehearsal(
                model, JobGraph.NONE, targets, List.of(), JobGraph.NONE.needsLastLogitsOnly(model, targets));
        int longest = model.promptTokenizer(prompts).maxLength();
        return rehearsal
                .run(List.of(MadeUpPrompt.of(model.vocabulary(), longest, 1, captures)), java.util.Set.of())
                .captures();
    }

    /** Frees every model that this JVM holds; the next use loads it anew. Not while a task runs here. */
    public static void freeModels() {
        ModelPool.closeAll();
    }
}
