package io.sightline.interleave;

import io.sightline.graph.Block;
import io.sightline.graph.GraphException;
import io.sightline.graph.Node;
import io.sightline.graph.Operation;
import io.sightline.graph.OperationVisitor;
import io.sightline.graph.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the nodes of one graph refer to, by number. A node may only refer to nodes before it. */
final class References {
    private final Block block;
    private final List<Node> nodes;
    private final Map<String, Integer> numbers;

    References(Block block, Map<String, Integer> numbers) {
        this.block = block;
        this.nodes = block.graph().nodes();
        this.numbers = numbers;
    }

    int[] of(int number) {
        List<Value> values = nodes.get(number).operation().accept(VALUES);
        List<Integer> found = new ArrayList<>();
        for (Value value : values) {
            Value.references(value).forEach(reference -> found.add(resolve(number, reference.name())));
        }
        return found.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The Conditional node that a node depends on, or -1. */
    int condition(int number) {
        String name = nodes.get(number).condition();
        if (name == null) {
            return -1;
        }
        int condition = resolve(number, name);
        if (!(nodes.get(condition).operation() instanceof Operation.Conditional)) {
            throw error(number, "has '" + name + "' as its condition, which is no ConditionalProtocol node");
        }
        return condition;
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
                for (Value value : nodes.get(number).operation().accept(VALUES)) {
                    for (Value.NodeReference reference : Value.references(value)) {
                        Integer next = numbers.get(reference.name());
                        if (next != null) {
                            open.push(next);
                        }
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

    /** The values that an operation is given, in order. */
    static final OperationVisitor<List<Value>> VALUES = new OperationVisitor<>() {
        @Override
        public List<Value> intervention(Operation.Intervention intervention) {
            return List.of();
        }

        @Override
        public List<Value> lock(Operation.Lock lock) {
            return List.of(lock.node());
        }

        @Override
        public List<Value> swap(Operation.Swap swap) {
            return List.of(swap.target(), swap.value());
        }

        @Override
        public List<Value> grad(Operation.Grad grad) {
            return List.of(grad.node());
        }

        @Override
        public List<Value> applyModule(Operation.ApplyModule apply) {
            return joined(apply.args(), apply.kwargs().values());
        }

        @Override
        public List<Value> bridge(Operation.Bridge bridge) {
            return List.of();
        }

        @Override
        public List<Value> earlyStop(Operation.EarlyStop stop) {
            return stop.args();
        }

        @Override
        public List<Value> conditional(Operation.Conditional conditional) {
            return List.of(conditional.condition());
        }

        @Override
        public List<Value> execute(Operation.Execute execute) {
            return List.of();
        }

        @Override
        public List<Value> loopItem(Operation.LoopItem item) {
            return List.of(item.initial());
        }

        @Override
        public List<Value> update(Operation.Update update) {
            return List.of(update.node(), update.value());
        }

        @Override
        public List<Value> call(Operation.Call call) {
            return joined(call.args(), call.kwargs().values());
        }
    };

    private static List<Value> joined(List<Value> args, Collection<Value> kwargs) {
        List<Value> all = new ArrayList<>(args);
        all.addAll(kwargs);
        return all;
    }
}
