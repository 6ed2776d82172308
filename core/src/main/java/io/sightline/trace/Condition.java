package io.sightline.trace;

import io.sightline.graph.GraphBuilder;
import io.sightline.graph.Value;

/** An open condition; what is recorded before it is closed depends on it. Closing twice does nothing. */
public final class Condition implements AutoCloseable {
    private final GraphBuilder graph;
    private boolean open = true;

    Condition(GraphBuilder graph, Value condition) {
        this.graph = graph;
        graph.openCondition(condition);
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            graph.closeCondition();
        }
    }
}
