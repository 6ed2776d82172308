package io.sightline.graph;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * One outermost context being recorded, with the graphs of the contexts inside it: nnsight's {@code Bridge}.
 *
 * <p>Nodes go to the innermost open graph. One that takes a value of another graph of the same recording gets it through a Bridge node, and a
 * Lock in the other graph keeps the value until then.
 */
public final class Recording {
    private final Deque<GraphBuilder> open = new ArrayDeque<>();
    private final Map<Bridged, RecordedNode> bridges = new HashMap<>();

    private record Bridged(RecordedNode from, GraphBuilder to) {}

    public void open(GraphBuilder graph) {
        open.push(graph);
    }

    /**
     * Closes the innermost graph, which must be {@code graph}.
     *
     * @throws IllegalStateException if another one is open inside it
     */
    public void close(GraphBuilder graph) {
        if (open.peek() != graph) {
            throw new IllegalStateException("contexts close in the order opposite to their opening");
        }
        open.pop();
    }

    public boolean isOpen() {
        return !open.isEmpty();
    }

    /** The innermost open graph. */
    public GraphBuilder current() {
        GraphBuilder graph = open.peek();
        if (graph == null) {
            throw new IllegalStateException("nothing is being recorded: the context has ended");
        }
        return graph;
    }

    public RecordedNode add(Operation operation) {
        return current().add(operation);
    }

    /** A reference to {@code node} that is good in the current graph. */
    public Value.NodeReference bring(RecordedNode node) {
        GraphBuilder current = current();
        if (node.graph() == current) {
            return node.reference();
        }
        Bridged key = new Bridged(node, current);
        RecordedNode bridge = bridges.get(key);
        if (bridge == null) {
            RecordedNode lock = lock(node);
            bridge = current.add(new Operation.Bridge(node.graph().id(), lock.name()));
            bridges.put(key, bridge);
        }
        return bridge.reference();
    }

    /** Adds a Lock to {@code node}'s own graph, whichever is open. */
    public RecordedNode lock(RecordedNode node) {
        return node.graph().add(new Operation.Lock(node.reference()));
    }
}
