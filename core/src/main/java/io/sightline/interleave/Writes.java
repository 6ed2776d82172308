package io.sightline.interleave;

import io.sightline.graph.Node;
import io.sightline.graph.Operation;
import io.sightline.graph.Value;
import io.sightline.interleave.function.InPlace;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Which nodes of a graph write in place, and into the values of which places and gradients they may write.
 *
 * @param waitsFor for each node those whose values it uses, and its condition
 * @param targets for each writing node, in order, the node whose value it changes
 * @param reached for each writing node the Intervention and Grad nodes that its target is made from: it may write into their values
 * @param late the writing nodes that also wait for a value of another place: such a place may be over when they run
 */
record Writes(int[][] waitsFor, Map<Integer, Integer> targets, Map<Integer, Set<Integer>> reached, Set<Integer> late) {

    /**
     * Finds them.
     *
     * @param dependencies for each node those whose values it uses
     * @param waitsFor for each node those and its condition
     */
    static Writes in(List<Node> nodes, Map<String, Integer> numbers, int[][] dependencies, int[][] waitsFor) {
        Map<Integer, Integer> targets = new LinkedHashMap<>();
        Map<Integer, Set<Integer>> reached = new LinkedHashMap<>();
        Set<Integer> late = new LinkedHashSet<>();
        for (int i = 0; i < nodes.size(); i++) {
            Value written =
                    nodes.get(i).operation() instanceof Operation.Call call ? InPlace.target(call, nodes) : null;
            if (!(written instanceof Value.NodeReference reference)) {
                continue;
            }
            int target = Objects.requireNonNull(numbers.get(reference.name()));
            Set<Integer> places = sources(nodes, List.of(target), dependencies);
            targets.put(i, target);
            reached.put(i, places);
            if (!places.isEmpty() && !places.containsAll(sources(nodes, List.of(i), waitsFor))) {
                late.add(i);
            }
        }
        return new Writes(waitsFor, targets, reached, late);
    }

    /** The Intervention and Grad nodes among those that lead to {@code from}, itself included. */
    static Set<Integer> sources(List<Node> nodes, Collection<Integer> from, int[][] edges) {
        Set<Integer> found = new LinkedHashSet<>();
        Set<Integer> seen = new LinkedHashSet<>();
        Deque<Integer> open = new ArrayDeque<>(from);
        while (!open.isEmpty()) {
            int number = open.pop();
            if (seen.add(number)) {
                Operation operation = nodes.get(number).operation();
                if (operation instanceof Operation.Intervention || operation instanceof Operation.Grad) {
                    found.add(number);
                }
                for (int next : edges[number]) {
                    open.push(next);
                }
            }
        }
        return found;
    }

    /** Whether a node may write into the value of this Intervention or Grad node. */
    boolean mayChange(int place) {
        return reached.values().stream().anyMatch(places -> places.contains(place));
    }

    /** Whether a write into this node's value may come when its place is over. */
    boolean isWatched(int place) {
        return late.stream().anyMatch(write -> reachedBy(write).contains(place));
    }

    int target(int write) {
        return Objects.requireNonNull(targets.get(write));
    }

    Set<Integer> reachedBy(int write) {
        return Objects.requireNonNull(reached.get(write));
    }
}
