package io.sightline.graph;

/** A node of a graph that is being recorded, or was. */
public record RecordedNode(GraphBuilder graph, String name) {
    public Value.NodeReference reference() {
        return new Value.NodeReference(name);
    }
}
