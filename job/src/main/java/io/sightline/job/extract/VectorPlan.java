package io.sightline.job.extract;

import io.sightline.job.model.LoadedModel;
import io.sightline.job.model.ModelPool;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A {@link VectorRequest} that was checked, on its way to the executors. Shapes are inferred there, so that the driver loads nothing.
 *
 * @param extraction without outputs
 * @param captures how many captures the targets come from
 */
public record VectorPlan(ExtractionPlan extraction, List<CaptureTarget> targets, int captures) implements Serializable {
    /**
     * The calling task's rows with their vectors; lazily. The model is loaded once for all tasks of this JVM, and stays.
     *
     * @param text a row's text; gives null where ids are the input
     * @param ids a row's token ids, a sequence of numbers; gives null where text is the input
     * @throws IllegalStateException if the model is gone, or is not what the driver saw
     */
    public <T> Iterator<VectorStream.Result<T>> stream(
            Iterator<T> rows, Function<T, @Nullable String> text, Function<T, @Nullable Object> ids) {
        LoadedModel model = extraction.load(extraction.device());
        Extractor extractor = model.once(extraction.id(), () -> extractor(model));
        return new VectorStream<>(rows, text, ids, extractor, captures);
    }

    /** Shapes do not depend on the graph, which may fail on a dummy prompt. */
    private Extractor extractor(LoadedModel model) {
        int longest = model.promptTokenizer(extraction.prompts()).maxLength();
        List<Output> outputs = new ShapeInference(model, JobGraph.NONE, targets)
                .infer(List.of(DummyPrompt.of(model.vocabulary(), longest, 1, captures)), Set.of())
                .outputs();
        return new Extractor(model, extraction.prompts(), JobGraph.of(extraction.graph()), outputs, extraction.batch());
    }

    /** Frees every model that this JVM holds; the next use loads it anew. Not while a task runs here. */
    public static void freeModels() {
        ModelPool.closeAll();
    }
}
