package io.sightline.job.extract;

import io.sightline.job.config.BatchLimits;
import io.sightline.job.config.CaptureRequest;
import io.sightline.job.config.ConfigException;
import io.sightline.job.config.ModelSource;
import io.sightline.job.config.PromptSource;
import io.sightline.job.model.CheckpointMemory;
import io.sightline.job.model.LoadedModel;
import io.sightline.job.model.ModelFiles;
import io.sightline.job.model.TaskThreads;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * What to take from which model, prompt by prompt, where no tables are written.
 *
 * @param prompts one text column, or a column of ids
 * @param graph path of an intervention graph of one invoke, or null
 * @param captures float32 all
 */
public record VectorRequest(
        ModelSource model,
        PromptSource prompts,
        @Nullable String graph,
        List<CaptureRequest> captures,
        BatchLimits batch) {
    public VectorRequest {
        captures = List.copyOf(captures);
    }

    /**
     * One module that a capture's pattern matches.
     *
     * @param capture its number
     */
    public record Place(int capture, String module) {}

    /**
     * Reads the module tree, no weights.
     *
     * @return in the captures' order, and the modules' within one
     * @throws IllegalArgumentException if there is no such model, or a pattern fits no module
     */
    public List<Place> places(Configuration hadoop) {
        return targets(ModelFiles.open(model.path(), hadoop)).stream()
                .map(target -> new Place(target.request(), target.module()))
                .toList();
    }

    private List<CaptureTarget> targets(Path directory) {
        return CaptureTarget.of(captures, LoadedModel.modules(directory, model), prompts);
    }

    /**
     * Checks all that needs no weights.
     *
     * @throws IllegalArgumentException as {@link #places}, and if the graph has another number of invokes than 1
     * @throws io.sightline.graph.GraphException if the graph is refused
     */
    public VectorPlan plan(SparkContext spark) {
        Configuration hadoop = spark.hadoopConfiguration();
        JobGraph read = JobGraph.read(graph, hadoop);
        int invokes = read.trace().invokerInputs().size();
        if (read.json() != null && invokes != 1) {
            throw new ConfigException("graph: " + graph + " has " + invokes
                    + " invokes; here each prompt goes through the model once, so it must have 1 (a job file's"
                    + " prompts.text takes several)");
        }
        Path directory = ModelFiles.open(model.path(), hadoop);
        ExtractionPlan extraction = new ExtractionPlan(
                UUID.randomUUID().toString(),
                CheckpointMemory.spec(model, directory),
                prompts,
                read.json(),
                List.of(),
                batch,
                TaskThreads.of(spark),
                new SerializableConfiguration(hadoop));
        return new VectorPlan(extraction, targets(directory), captures.size());
    }
}
