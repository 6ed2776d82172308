package io.sightline.graph;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Nodes in the order of their making.
 *
 * @param id nnsight's number of the graph, which Bridge nodes and results refer to
 * @param sequential whether nodes run strictly in order (sessions, loops) or as their values arrive (traces)
 */
public record Graph(long id, boolean sequential, List<Node> nodes) implements Serializable {
    public Graph {
        nodes = List.copyOf(nodes);
        Map<String, Node> names = new LinkedHashMap<>();
        for (Node node : nodes) {
            if (names.put(node.name(), node) != null) {
                throw new GraphException("graph " + id + " has two nodes named '" + node.name() + "'");
            }
        }
    }
}
