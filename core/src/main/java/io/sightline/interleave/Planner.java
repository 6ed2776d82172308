package io.sightline.interleave;

import io.sightline.graph.Block;
import io.sightline.graph.GraphException;
import io.sightline.graph.Node;
import io.sightline.graph.Operation;
import io.sightline.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the {@link Plan} of a request: knows all its graphs, and which of them read values of which others. */
final class Planner {
    private final Map<Long, Block> graphs = new LinkedHashMap<>();
    private final Map<Long, Map<String, Integer>> bridges = new HashMap<>();

    private Planner() {}

    /** @throws GraphException naming the node and what is wrong with it */
    static Plan plan(Block block) {
        Planner planner = new Planner();
        planner.register(block);
        planner.graphs.values().forEach(planner::countBridges);
        return planner.planOf(block);
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

    /** The plan of one of the request's blocks, and of all inside it. */
    Plan planOf(Block block) {
        return new GraphPlanner(this, block).plan();
    }

    /** How many Bridge nodes of the request read through a Lock node. */
    int bridgesThrough(long graphId, String lock) {
        return bridges.getOrDefault(graphId, Map.of()).getOrDefault(lock, 0);
    }

    /** @throws GraphException if there is no such Lock node of a node */
    void checkLock(Block block, Node node, Operation.Bridge bridge) {
        Block from = graphs.get(bridge.graphId());
        boolean found = from != null && from.graph().nodes().stream().anyMatch(n -> isLock(n, bridge.lockNode()));
        if (!found) {
            throw new GraphException(
                    "node '" + node.name() + "' of graph " + block.graph().id() + " bridges to '" + bridge.lockNode()
                            + "' of graph " + bridge.graphId() + ", which is not a LockProtocol node of this request");
        }
    }

    private static boolean isLock(Node node, String name) {
        return node.name().equals(name)
                && node.operation() instanceof Operation.Lock lock
                && lock.node() instanceof Value.NodeReference;
    }

    /** What a loop's data, or a trace's inputs and kwargs, refer to. */
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
}
