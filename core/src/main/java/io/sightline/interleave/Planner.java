package io.sightline.interleave;

import io.sightline.graph.Block;
import io.sightline.graph.GraphException;
import io.sightline.graph.Node;
import io.sightline.graph.Operation;
import io.sightline.graph.Place;
import io.sightline.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes {@link Plan}s; refuses references that lead nowhere, forward or in a circle. */
final class Planner {
    private final Map<Long, Block> graphs = new LinkedHashMap<>();
    private final Map<Long, Map<String, Integer>> bridges = new HashMap<>();

    private Planner() {}

    /** @throws GraphException naming the node and what is wrong with it */
    static Plan plan(Block block) {
        Planner planner = new Planner();
        planner.register(block);
        planner.graphs.values().forEach(planner::countBridges);
        return planner.make(block);
    }

    private void register(Block block) {
        if (graphs.put(block.graph().id(), block) != null) {
            throw new GraphException("two graphs have the id " + block.graph().id());
        }
        for (Node node : block.graph().nodes()) {
            if (node.operation() instanceof Operation.Execute execute) {
                register(execute.block());
            }
        }
    }

    private void countBridges(Block block) {
        for (Node node : block.graph().nodes()) {
            if (node.operation() instanceof Operation.Bridge bridge) {
                bridges.computeIfAbsent(bridge.graphId(), id -> new HashMap<>())
                        .merge(bridge.lockNode(), 1, Integer::sum);
            }
        }
    }

    private Plan make(Block block) {
        List<Node> nodes = block.graph().nodes();
        int count = nodes.size();
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; i < count; i++) {
            numbers.put(nodes.get(i).name(), i);
        }
        List<List<Integer>> listeners = lists(count);
        List<List<Integer>> saves = lists(count);
        int[][] dependencies = new int[count][];
        int[] waits = new int[count];
        int[] bridged = new int[count];
        Map<Place, List<Integer>> places = new LinkedHashMap<>();
        Map<Integer, Plan> children = new LinkedHashMap<>();
        References references = new References(block, numbers);
        for (int i = 0; i < count; i++) {
            Operation operation = nodes.get(i).operation();
            dependencies[i] = references.of(i);
            int condition = references.condition(i);
            waits[i] = dependencies[i].length + (condition < 0 ? 0 : 1);
            for (int dependency : dependencies[i]) {
                listeners.get(dependency).add(i);
            }
            if (condition >= 0) {
                listeners.get(condition).add(i);
            }
            if (operation instanceof Operation.Intervention intervention) {
                places.computeIfAbsent(intervention.place(), place -> new ArrayList<>())
                        .add(i);
            } else if (operation instanceof Operation.Execute execute) {
                children.put(i, make(execute.block()));
            } else if (operation instanceof Operation.Bridge bridge) {
                checkBridge(block, nodes.get(i), bridge);
            } else if (operation instanceof Operation.Lock) {
                bridged[i] = bridges.getOrDefault(block.graph().id(), Map.of())
                        .getOrDefault(nodes.get(i).name(), 0);
                if (bridged[i] == 0 && dependencies[i].length == 1) {
                    saves.get(dependencies[i][0]).add(i);
                }
            }
        }
        checkOutsideReferences(block, numbers, saves);
        return new Plan(
                block,
                arrays(listeners),
                dependencies,
                waits,
                arrays(places),
                children,
                arrays(saves),
                bridged,
                numbers);
    }

    private void checkBridge(Block block, Node node, Operation.Bridge bridge) {
        Block from = graphs.get(bridge.graphId());
        boolean found = from != null
                && from.graph().nodes().stream()
                        .anyMatch(n -> n.name().equals(bridge.lockNode())
                                && n.operation() instanceof Operation.Lock lock
                                && lock.node() instanceof Value.NodeReference);
        if (!found) {
            throw new GraphException(
                    "node '" + node.name() + "' of graph " + block.graph().id() + " bridges to '" + bridge.lockNode()
                            + "' of graph " + bridge.graphId() + ", which is no LockProtocol node of this request");
        }
    }

    /** A loop's data and a trace's inputs and kwargs may refer to Locks of Bridges in their own graph; such a Lock is no save. */
    private static void checkOutsideReferences(Block block, Map<String, Integer> numbers, List<List<Integer>> saves) {
        Set<Integer> read = new HashSet<>();
        for (Value.NodeReference reference : outsideReferences(block)) {
            Integer number = numbers.get(reference.name());
            Node node = number == null ? null : block.graph().nodes().get(number);
            if (node == null
                    || !(node.operation() instanceof Operation.Lock || node.operation() instanceof Operation.Bridge)) {
                throw new GraphException("the inputs of graph " + block.graph().id() + " refer to '" + reference.name()
                        + "', which is no LockProtocol or BridgeProtocol node of it");
            }
            read.add(number);
        }
        saves.forEach(locks -> locks.removeIf(read::contains));
    }

    static List<Value.NodeReference> outsideReferences(Block block) {
        List<Value.NodeReference> references = new ArrayList<>();
        if (block instanceof Block.Loop loop) {
            references.addAll(Value.references(loop.data()));
        } else if (block instanceof Block.Trace trace) {
            trace.invokerInputs().forEach(input -> references.addAll(Value.references(input)));
            trace.kwargs().values().forEach(value -> references.addAll(Value.references(value)));
        }
        return references;
    }

    private static List<List<Integer>> lists(int count) {
        List<List<Integer>> lists = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            lists.add(new ArrayList<>(2));
        }
        return lists;
    }

    private static int[][] arrays(List<List<Integer>> lists) {
        return lists.stream().map(Planner::array).toArray(int[][]::new);
    }

    private static Map<Place, int[]> arrays(Map<Place, List<Integer>> lists) {
        Map<Place, int[]> arrays = new LinkedHashMap<>();
        lists.forEach((place, list) -> arrays.put(place, array(list)));
        return arrays;
    }

    private static int[] array(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }
}
