package io.sightline.trace;

import io.sightline.envoy.Recorder;
import io.sightline.graph.GraphBuilder;
import java.util.function.Function;

/**
 * Records interventions that every later trace begins with, for all rows of its batch.
 *
 * @param <M> the model that comes out
 */
public final class Editor<M> extends Context {
    private final GraphBuilder graph;
    private final OpenContext context;
    private final Function<Edits, M> keep;

    Editor(Subject model, Function<Edits, M> keep) {
        super(model.recorder());
        this.keep = keep;
        this.graph = GraphBuilder.dataDriven(model.edits().nodes());
        if (model.recorder().run() != null) {
            throw new IllegalStateException("an edit can't be opened inside another context");
        }
        this.context = OpenContext.open(recorder(), graph);
        recorder().enter(new Recorder.TraceScope(-1, 0, true));
    }

    /** Keeps what was recorded; the last line of the block. Gives the edited model. */
    public M keep() {
        context.checkOpen();
        M edited = keep.apply(new Edits(graph.build().nodes()));
        context.close();
        return edited;
    }

    @Override
    public void close() {
        context.close();
    }
}
