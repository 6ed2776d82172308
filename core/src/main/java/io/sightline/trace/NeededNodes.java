package io.sightline.trace;

import io.sightline.graph.Graph;
import io.sightline.graph.Node;
import io.sightline.graph.Operands;
import io.sightline.graph.Operation;
import io.sightline.graph.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The part of a graph that one node's value depends on, without conditions, and a Lock that keeps it. */
final class NeededNodes {
    private NeededNodes() {}

    static List<Node> of(Graph graph, String wanted) {
        Set<String> names = new HashSet<>();
        names.add(wanted);
        List<Node> needed = new ArrayList<>();
        // Arguments come before what takes them, so that one walk from the end finds all.
        for (int i = graph.nodes().size() - 1; i >= 0; i--) {
            Node node = graph.nodes().get(i);
            if (names.contains(node.name())) {
                names.addAll(Operands.references(node.operation()));
                needed.add(0, new Node(node.name(), node.operation(), null));
            }
        }
        needed.add(new Node("LockProtocol_scan", new Operation.Lock(new Value.NodeReference(wanted)), null));
        return needed;
    }
}
