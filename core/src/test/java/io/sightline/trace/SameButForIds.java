package io.sightline.trace;

import io.sightline.graph.Block;
import io.sightline.graph.Graph;
import io.sightline.graph.Node;
import io.sightline.graph.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Blocks with graph ids replaced by the order in which graphs appear, and written line by line, so that two can be compared. */
final class SameButForIds {
    private final Map<Long, Long> ids = new HashMap<>();
    private final List<String> lines = new ArrayList<>();

    static List<String> lines(Block block) {
        SameButForIds writer = new SameButForIds();
        writer.number(block);
        writer.write(block, "");
        return writer.lines;
    }

    private void number(Block block) {
        ids.put(block.graph().id(), (long) ids.size());
        for (Node node : block.graph().nodes()) {
            if (node.operation() instanceof Operation.Execute execute) {
                number(execute.block());
            }
        }
    }

    private void write(Block block, String indent) {
        if (block instanceof Block.Trace trace) {
            lines.add(indent + "trace " + trace.kwargs() + " " + Written.of(trace.invokerInputs()));
        } else if (block instanceof Block.Loop loop) {
            lines.add(indent + "loop " + Written.of(List.of(loop.data())));
        } else {
            lines.add(indent + "session");
        }
        write(block.graph(), indent + "  ");
    }

    private void write(Graph graph, String indent) {
        lines.add(indent + "graph " + ids.get(graph.id()) + (graph.sequential() ? " in order" : ""));
        for (Node node : graph.nodes()) {
            String head = indent + node.name() + (node.condition() == null ? "" : " if " + node.condition()) + ": ";
            if (node.operation() instanceof Operation.Execute execute) {
                lines.add(head);
                write(execute.block(), indent + "    ");
            } else if (node.operation() instanceof Operation.Bridge bridge) {
                lines.add(head + "bridge " + ids.get(bridge.graphId()) + " " + bridge.lockNode());
            } else {
                lines.add(head + Written.of(node.operation()));
            }
        }
    }
}
