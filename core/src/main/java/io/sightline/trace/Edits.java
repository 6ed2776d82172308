package io.sightline.trace;

import io.sightline.graph.Node;
import java.util.List;

/** Nodes that every trace of a model begins with, kept by {@code edit()}. */
record Edits(List<Node> nodes) {
    static final Edits NONE = new Edits(List.of());

    Edits {
        nodes = List.copyOf(nodes);
    }
}
