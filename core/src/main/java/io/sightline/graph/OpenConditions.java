package io.sightline.graph;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The conditions that a graph being recorded is inside of. As in nnsight, a node depends on the innermost one directly, unless one
 * of its arguments does already; places and bridges never do, because nodes outside the condition may use them too.
 */
final class OpenConditions {
    private final Deque<Open> open = new ArrayDeque<>();

    private record Open(String name, Set<String> nodes) {}

    void open(String conditional) {
        open.push(new Open(conditional, new HashSet<>()));
    }

    void close() {
        open.pop();
    }

    /** The condition that the node being added must name, or null. */
    @Nullable
    String conditionOf(String node, Operation operation) {
        Open innermost = open.peek();
        if (innermost == null || operation instanceof Operation.Intervention || operation instanceof Operation.Bridge) {
            return null;
        }
        boolean already = Operands.references(operation).stream().anyMatch(innermost.nodes()::contains);
        innermost.nodes().add(node);
        return already ? null : innermost.name();
    }
}
