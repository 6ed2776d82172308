package io.sightline.trace;

import io.sightline.graph.Block;
import io.sightline.graph.Graph;
import io.sightline.graph.Node;
import io.sightline.graph.Operation;
import io.sightline.graph.Value;
import io.sightline.interleave.Interleaver;
import io.sightline.interleave.RunnableModel;
import io.sightline.nn.HookHandle;
import io.sightline.nn.Module;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How often one forward pass calls each module: a place that asks for a later call is given the last one's shape. */
final class CallCounts {
    private final RunnableModel model;
    private final List<Value> inputs;

    CallCounts(RunnableModel model, List<Value> inputs) {
        this.model = model;
        this.inputs = inputs;
    }

    List<Node> clamp(List<Node> nodes) {
        boolean later = nodes.stream()
                .anyMatch(node -> node.operation() instanceof Operation.Intervention place && place.call() > 0);
        if (!later) {
            return nodes;
        }
        Map<String, Integer> counts = count();
        return nodes.stream().map(node -> clamp(node, counts)).toList();
    }

    private static Node clamp(Node node, Map<String, Integer> counts) {
        if (node.operation() instanceof Operation.Intervention place) {
            int last = counts.getOrDefault(place.place().path(), 1) - 1;
            int call = Math.min(place.call(), last);
            return new Node(
                    node.name(), new Operation.Intervention(place.place(), place.batchGroup(), call), node.condition());
        }
        return node;
    }

    private Map<String, Integer> count() {
        Map<String, Integer> counts = new HashMap<>();
        List<HookHandle> hooks = new ArrayList<>();
        try {
            for (Map.Entry<String, Module> entry : model.module().namedModules().entrySet()) {
                hooks.add(entry.getValue().registerForwardHook((module, args, output) -> {
                    counts.merge(entry.getKey(), 1, Integer::sum);
                    return output;
                }));
            }
            Block.Trace nothing = new Block.Trace(Map.of(), inputs, new Graph(0, false, List.of()));
            Interleaver.of(nothing, model).run().close();
            return counts;
        } finally {
            hooks.forEach(HookHandle::close);
        }
    }
}
