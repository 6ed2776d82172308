package io.sightline.job.run;

import io.sightline.graph.GraphException;
import io.sightline.job.config.ConfigException;
import io.sightline.job.config.JobFile;
import io.sightline.job.extract.CaptureTarget;
import io.sightline.job.extract.DummyPrompt;
import io.sightline.job.extract.JobGraph;
import io.sightline.job.extract.Output;
import io.sightline.job.extract.OutputRequest;
import io.sightline.job.extract.SavedNode;
import io.sightline.job.extract.ShapeInference;
import io.sightline.job.input.BadPromptException;
import io.sightline.job.input.PlannedPrompts;
import io.sightline.job.input.PromptFrame;
import io.sightline.job.input.PromptReader;
import io.sightline.job.input.PromptTokenizer;
import io.sightline.job.input.SourcePrompt;
import io.sightline.job.input.TokenizedPrompt;
import io.sightline.job.model.LoadedModel;
import io.sightline.job.model.ModelFiles;
import io.sightline.job.model.ModelPool;
import io.sightline.job.model.ModelSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that can be checked before a run: first what needs no Spark, then what needs the prompts. All mistakes in the configuration are
 * found here.
 */
final class Preparation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);
    private static final int SAMPLE = 64;
    private static final int TRIES = 5;

    private final JobFile job;
    private final Configuration hadoop;
    private final ModelSpec spec;
    private final LoadedModel model;
    private final JobGraph graph;
    private final List<OutputRequest> requests;
    private final PromptTokenizer tokenizer;

    private Preparation(
            JobFile job,
            Configuration hadoop,
            ModelSpec spec,
            LoadedModel model,
            JobGraph graph,
            List<OutputRequest> requests,
            PromptTokenizer tokenizer) {
        this.job = job;
        this.hadoop = hadoop;
        this.spec = spec;
        this.model = model;
        this.graph = graph;
        this.requests = requests;
        this.tokenizer = tokenizer;
    }

    /** What the prompts added. */
    record Ready(Preparation job, PlannedPrompts prompts, ShapeInference.Inferred inferred) {
        List<Output> outputs() {
            return inferred.outputs();
        }
    }

    /**
     * Opens the model and reads the graph.
     *
     * @throws IllegalArgumentException if the model can't be used, a module pattern fits nothing, or settings contradict each other
     * @throws io.sightline.graph.GraphException if the graph is refused
     */
    static Preparation begin(JobFile job, Configuration hadoop, TaskPlace place) {
        JobGraph graph = JobGraph.read(job.graph(), hadoop);
        graph.checkInvokes(job.prompts().invokes());
        List<SavedNode> saved = graph.saved(job.values());
        if (job.captures().isEmpty() && saved.isEmpty()) {
            throw new ConfigException("capture is missing, and the graph saves nothing: the run would give no rows");
        }
        Path directory = ModelFiles.open(job.model().path(), hadoop);
        LoadedModel model = place == TaskPlace.IN_DRIVER
                ? LoadedModel.open(directory, job.model(), job.model().device())
                : LoadedModel.withZeroWeights(directory, job.model());
        try {
            ModelSpec spec = ModelSpec.read(job.model(), directory);
            Preparation preparation = new Preparation(
                    job,
                    hadoop,
                    spec,
                    model,
                    graph,
                    requests(CaptureTarget.of(job.captures(), model.modules(), job.prompts()), saved),
                    model.promptTokenizer(job.prompts()));
            if (place == TaskPlace.IN_DRIVER) {
                ModelPool.put(spec, job.model().device(), model);
            }
            return preparation;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /** The tokens of the job's tokenizer by id; none without a tokenizer. */
    Map<Long, String> vocabulary() {
        return tokenizer.vocabulary();
    }

    private static List<OutputRequest> requests(List<CaptureTarget> targets, List<SavedNode> saved) {
        return Stream.<OutputRequest>concat(targets.stream(), saved.stream()).toList();
    }

    /** Checks what {@link #begin} does without weights, so that mistakes in the job are reported before those of its place. */
    static void checkWithoutWeights(JobFile job, Configuration hadoop) {
        JobGraph graph = JobGraph.read(job.graph(), hadoop);
        graph.checkInvokes(job.prompts().invokes());
        graph.saved(job.values());
        List<String> modules = LoadedModel.modules(ModelFiles.open(job.model().path(), hadoop), job.model());
        CaptureTarget.of(job.captures(), modules, job.prompts());
    }

    /**
     * Infers shapes and plans the prompts.
     *
     * @throws ConfigException if the prompts can't be read or lack columns, ids occur twice, or rows can't be split by prompt
     * @throws IllegalArgumentException if a GPU is asked for where there is none, and there are no other executors
     */
    Ready withPrompts(SparkSession spark) {
        PromptFrame frame = PromptFrame.of(PromptReader.open(spark, job.prompts()), job.prompts(), job.captures());
        List<SourcePrompt> sample = frame.first(SAMPLE);
        if (sample.isEmpty()) {
            throw new ConfigException(
                    "prompts: there are none in " + job.prompts().location());
        }
        ShapeInference.Inferred inferred = inferred(candidates(sample));
        OutputCost cost = new OutputCost(
                inferred.outputs(), model.parameterCount(), job.prompts().invokes());
        return new Ready(this, PlannedPrompts.plan(frame, job.chunk(), cost), inferred);
    }

    /** With zero weights a graph may fail that works with the real ones, so a failure is tried again with those. */
    private ShapeInference.Inferred inferred(List<TokenizedPrompt> candidates) {
        try {
            return inferred(model, candidates);
        } catch (GraphException | ConfigException e) {
            if (!model.hasZeroWeights()) {
                throw e;
            }
            LOG.info("the graph fails with zero weights, so the driver opens the model: {}", e.getMessage());
        }
        try (LoadedModel whole = LoadedModel.open(ModelFiles.open(job.model().path(), hadoop), job.model(), "cpu")) {
            return inferred(whole, candidates);
        }
    }

    private ShapeInference.Inferred inferred(LoadedModel on, List<TokenizedPrompt> candidates) {
        return new ShapeInference(on, graph, requests).infer(candidates, graph.placesIndexedByZero());
    }

    /** Frees a model that no task uses. */
    @Override
    public void close() {
        if (model.hasZeroWeights()) {
            model.close();
        }
    }

    /** Prompts of different lengths, the longest first: a graph that asks for a late token fails on short ones. */
    private List<TokenizedPrompt> candidates(List<SourcePrompt> sample) {
        List<TokenizedPrompt> good = new ArrayList<>();
        for (SourcePrompt prompt : sample) {
            try {
                TokenizedPrompt tokenized = tokenizer.tokenize(prompt, 0, prompt.key());
                good.add(new TokenizedPrompt(
                        0,
                        tokenized.id(),
                        tokenized.text(),
                        tokenized.ids(),
                        null,
                        tokenized.captured(),
                        tokenized.kept()));
            } catch (BadPromptException e) {
                // it will be in the errors table
            }
        }
        if (good.isEmpty()) {
            good.add(DummyPrompt.of(
                    model.vocabulary(),
                    tokenizer.maxLength(),
                    job.prompts().invokes(),
                    job.captures().size()));
        }
        good.sort(Comparator.comparingInt(TokenizedPrompt::width).reversed());
        Set<Integer> widths = new HashSet<>();
        return good.stream()
                .filter(prompt -> widths.add(prompt.width()))
                .limit(TRIES)
                .toList();
    }

    JobFile job() {
        return job;
    }

    Configuration hadoop() {
        return hadoop;
    }

    ModelSpec spec() {
        return spec;
    }

    LoadedModel model() {
        return model;
    }

    JobGraph graph() {
        return graph;
    }
}
