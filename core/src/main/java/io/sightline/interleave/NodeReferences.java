package io.sightline.interleave;

import io.sightline.graph.Block;
import io.sightline.graph.GraphException;
import io.sightline.graph.Node;
import io.sightline.graph.Operands;
import io.sightline.graph.Operation;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** What the nodes of one graph refer to, by number. A node may only refer to nodes before it. */
final class NodeReferences {
    private final Block block;
    private final List<Node> nodes;
    private final Map<String, Integer> numbers;

    NodeReferences(Block block, Map<String, Integer> numbers) {
        this.block = block;
        this.nodes = block.graph().nodes();
        this.numbers = numbers;
    }

    int[] of(int number) {
        return Operands.references(nodes.get(number).operation()).stream()
                .mapToInt(name -> resolve(number, name))
                .toArray();
    }

    /** The Conditional node that a node depends on. */
    OptionalInt condition(int number) {
        String name = nodes.get(number).condition();
        if (name == null) {
            return OptionalInt.empty();
        }
        int condition = resolve(number, name);
        if (!(nodes.get(condition).operation() instanceof Operation.Conditional)) {
            throw error(number, "has '" + name + "' as its condition, which is not a ConditionalProtocol node");
        }
        return OptionalInt.of(condition);
    }

    private int resolve(int from, String name) {
        Integer to = numbers.get(name);
        if (to == null) {
            throw error(from, "refers to '" + name + "', which is not in the graph");
        } else if (to >= from) {
            throw error(
                    from,
                    leadsTo(to, from)
                            ? "is in a cycle: it uses '" + name + "', which depends on it"
                            : "refers to '" + name
                                    + "', which comes after it; nodes use only what was made before them");
        }
        return to;
    }

    /** Whether {@code start} uses {@code goal}, directly or through others. */
    private boolean leadsTo(int start, int goal) {
        Set<Integer> seen = new HashSet<>();
        Deque<Integer> open = new ArrayDeque<>(List.of(start));
        while (!open.isEmpty()) {
            int number = open.pop();
            if (number == goal) {
                return true;
            }
            if (seen.add(number)) {
                for (String name : Operands.references(nodes.get(number).operation())) {
                    Integer next = numbers.get(name);
                    if (next != null) {
                        open.push(next);
                    }
                }
            }
        }
        return false;
    }

    private GraphException error(int number, String what) {
        return new GraphException("node '" + nodes.get(number).name() + "' of graph "
                + block.graph().id() + " " + what);
    }
}
