package io.sightline.job.extract;

import io.sightline.graph.Place;
import io.sightline.interleave.Interleaver;
import io.sightline.interleave.PaddingNeeds;
import io.sightline.job.config.BatchLimits;
import io.sightline.job.config.PromptSource;
import io.sightline.job.input.BatchPlanner;
import io.sightline.job.input.PromptTokenizer;
import io.sightline.job.input.TokenizedPrompt;
import io.sightline.job.model.LoadedModel;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A model, a graph that is compiled for it, and what leaves each batch. It is made once per JVM and device and shared by task slots; each
 * task runs batches with a {@link BatchRunner} of its own.
 */
public final class Extractor {
    private final LoadedModel model;
    private final Interleaver interleaver;
    private final PromptTokenizer tokenizer;
    private final List<Output> outputs;
    private final BatchLimits limits;
    private final boolean keepLastLogits;
    private final int unpaddedBelow;
    private final boolean alone;

    /** @throws io.sightline.graph.GraphException if the graph is refused */
    Extractor(LoadedModel model, PromptSource prompts, JobGraph graph, List<Output> outputs, BatchLimits limits) {
        this.model = model;
        this.interleaver = Interleaver.forBatches(graph.trace(), model.runnable());
        this.unpaddedBelow = unpaddedBelow(interleaver);
        this.alone = graph.stopsRowsByTheirTokens();
        this.tokenizer = model.promptTokenizer(prompts);
        this.outputs = List.copyOf(outputs);
        this.limits = limits;
        List<Place> captured = outputs.stream()
                .filter(ResolvedCapture.class::isInstance)
                .map(output -> ((ResolvedCapture) output).place())
                .toList();
        this.keepLastLogits = graph.needsLastLogitsOnly(model, captured);
    }

    /**
     * A runner for the calling task.
     *
     * @param isCancelled asked before each batch
     */
    public BatchRunner runner(RowSink sink, BooleanSupplier isCancelled) {
        return new BatchRunner(new ForwardPass(this), sink, this::batches, isCancelled);
    }

    /** How prompts share batches: under the limits, padded only where the graph's values don't depend on it, and alone if it generates. */
    public List<List<TokenizedPrompt>> batches(List<TokenizedPrompt> prompts) {
        return BatchPlanner.plan(prompts, alone ? new BatchLimits(limits.maxTokens(), 1) : limits, unpaddedBelow);
    }

    private static int unpaddedBelow(Interleaver interleaver) {
        PaddingNeeds needs = interleaver.padding();
        return needs.isIndifferent() ? needs.shortest() : Integer.MAX_VALUE;
    }

    public LoadedModel model() {
        return model;
    }

    public PromptTokenizer tokenizer() {
        return tokenizer;
    }

    public List<Output> outputs() {
        return outputs;
    }

    Interleaver interleaver() {
        return interleaver;
    }

    boolean keepsLastLogitsOnly() {
        return keepLastLogits;
    }
}
