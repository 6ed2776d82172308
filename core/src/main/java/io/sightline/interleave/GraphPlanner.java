package io.sightline.interleave;

import io.sightline.graph.Block;
import io.sightline.graph.GraphException;
import io.sightline.graph.Node;
import io.sightline.graph.Operation;
import io.sightline.graph.Place;
import io.sightline.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Plans one graph of a request; refuses references that lead nowhere, forward or in a circle. */
final class GraphPlanner {
    private final Planner request;
    private final Block block;
    private final List<Node> nodes;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final NodeReferences references;
    private final List<List<Integer>> listeners;
    private final List<List<Integer>> saves;
    private final int[][] dependencies;
    private final int[] waits;
    private final int[] bridges;
    private final Map<Place, List<Integer>> places = new LinkedHashMap<>();
    private final Map<Integer, Plan> children = new LinkedHashMap<>();

    GraphPlanner(Planner request, Block block) {
        this.request = request;
        this.block = block;
        nodes = block.graph().nodes();
        for (int i = 0; i < nodes.size(); i++) {
            numbers.put(nodes.get(i).name(), i);
        }
        references = new NodeReferences(block, numbers);
        listeners = emptyLists(nodes.size());
        saves = emptyLists(nodes.size());
        dependencies = new int[nodes.size()][];
        waits = new int[nodes.size()];
        bridges = new int[nodes.size()];
    }

    private static List<List<Integer>> emptyLists(int count) {
        return Stream.generate(() -> (List<Integer>) new ArrayList<Integer>(2))
                .limit(count)
                .toList();
    }

    Plan plan() {
        for (int i = 0; i < nodes.size(); i++) {
            link(i);
            enter(i, nodes.get(i));
        }
        dropLocksOfInputs();
        return new Plan(
                block,
                arrays(listeners),
                dependencies,
                waits,
                arrays(places),
                children,
                arrays(saves),
                bridges,
                numbers,
                Writes.in(nodes, numbers, dependencies, waitsFor()));
    }

    /** Makes a node wait for its arguments and its condition. */
    private void link(int number) {
        dependencies[number] = references.of(number);
        for (int dependency : dependencies[number]) {
            await(number, dependency);
        }
        references.condition(number).ifPresent(condition -> await(number, condition));
    }

    private void await(int number, int awaited) {
        waits[number]++;
        listeners.get(awaited).add(number);
    }

    /** Notes what the plan has to know of a node besides. */
    private void enter(int number, Node node) {
        Operation operation = node.operation();
        if (operation instanceof Operation.Intervention intervention) {
            places.computeIfAbsent(intervention.place(), place -> new ArrayList<>())
                    .add(number);
        } else if (operation instanceof Operation.Execute execute) {
            children.put(number, request.planOf(execute.block()));
        } else if (operation instanceof Operation.Bridge bridge) {
            request.checkLock(block, node, bridge);
        } else if (operation instanceof Operation.Lock) {
            enterLock(number, node);
        }
    }

    /** A Lock that no Bridge reads through is a save. */
    private void enterLock(int number, Node node) {
        bridges[number] = request.bridgesThrough(block.graph().id(), node.name());
        if (bridges[number] == 0 && dependencies[number].length == 1) {
            saves.get(dependencies[number][0]).add(number);
        }
    }

    /** A loop's data and a trace's inputs and kwargs may refer to Locks of Bridges in their own graph; such a Lock is not a save. */
    private void dropLocksOfInputs() {
        Set<Integer> read = new HashSet<>();
        for (Value.NodeReference reference : Planner.outsideReferences(block)) {
            Integer number = numbers.get(reference.name());
            if (number == null || !leadsOutside(nodes.get(number).operation())) {
                throw new GraphException("the inputs of graph " + block.graph().id() + " refer to '" + reference.name()
                        + "', which is not a LockProtocol or BridgeProtocol node of it");
            }
            read.add(number);
        }
        saves.forEach(locks -> locks.removeIf(read::contains));
    }

    private static boolean leadsOutside(Operation operation) {
        return operation instanceof Operation.Lock || operation instanceof Operation.Bridge;
    }

    /** For each node those whose values it uses, and its condition. */
    private int[][] waitsFor() {
        int[][] all = new int[nodes.size()][];
        for (int i = 0; i < all.length; i++) {
            all[i] = IntStream.concat(Arrays.stream(dependencies[i]), references.condition(i).stream())
                    .toArray();
        }
        return all;
    }

    private static int[][] arrays(List<List<Integer>> lists) {
        return lists.stream().map(GraphPlanner::array).toArray(int[][]::new);
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
