package io.sightline.interleave;

import io.sightline.graph.Block;
import io.sightline.graph.Graph;
import io.sightline.graph.Node;
import io.sightline.graph.Operation;
import io.sightline.graph.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A block made ready to run many times: who waits for whom, and which nodes belong to which place. Nodes are numbered in their order.
 *
 * @param listeners for each node those that use its value or depend on it as a condition, once for each use
 * @param dependencies for each node those whose values it uses, once for each use
 * @param waits for each node how many values and conditions it waits for
 * @param places the Intervention nodes of each place, in order
 * @param children the blocks that Execute nodes run
 * @param saves for each node the Lock nodes that save it; empty for most
 * @param bridges for each Lock node how many Bridge nodes read through it
 * @param numbers the number of each node by name
 * @param writes what nodes do in place
 */
record Plan(
        Block block,
        int[][] listeners,
        int[][] dependencies,
        int[] waits,
        Map<Place, int[]> places,
        Map<Integer, Plan> children,
        int[][] saves,
        int[] bridges,
        Map<String, Integer> numbers,
        Writes writes) {

    Graph graph() {
        return block.graph();
    }

    List<Node> nodes() {
        return block.graph().nodes();
    }

    Node node(int number) {
        return nodes().get(number);
    }

    Operation operation(int number) {
        return nodes().get(number).operation();
    }

    /** This plan and all inside it. */
    List<Plan> withAllInside() {
        List<Plan> all = new ArrayList<>();
        all.add(this);
        children.values().forEach(child -> all.addAll(child.withAllInside()));
        return all;
    }

    /** The Intervention and Grad nodes whose values a node waits for, through conditions too. */
    Set<Integer> awaited(int number) {
        return Writes.sources(nodes(), List.of(number), writes.waitsFor());
    }

    /** Names a node for a message. */
    String describe(int number) {
        return "node '" + node(number).name() + "' of graph " + graph().id();
    }
}
