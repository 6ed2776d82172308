package io.sightline.trace;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.TorchException;
import io.sightline.envoy.RecordedRun;
import io.sightline.graph.Block;
import io.sightline.graph.Graph;
import io.sightline.graph.GraphException;
import io.sightline.graph.Node;
import io.sightline.graph.RecordedNode;
import io.sightline.interleave.Interleaver;
import io.sightline.interleave.Results;
import io.sightline.interleave.RunnableModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers what shape a proxy has while its trace is still being recorded: what the node depends on is run on weights
 * without data. Owns the tensors it gives until it is closed.
 */
final class ShapeScan implements RecordedRun.ValueSource, AutoCloseable {
    private final Tracer.Recorded recorded;
    private final Supplier<RunnableModel> model;
    private final Map<String, @Nullable Object> known = new HashMap<>();
    private final List<Tensor> owned = new ArrayList<>();

    ShapeScan(Tracer.Recorded recorded, Supplier<RunnableModel> model) {
        this.recorded = recorded;
        this.model = model;
    }

    @Override
    public boolean has(RecordedNode node) {
        return node.graph() == recorded.graph();
    }

    @Override
    public @Nullable Object value(RecordedNode node) {
        if (!has(node)) {
            throw new IllegalStateException("the shape of '" + node.name() + "' is not known before the session runs");
        }
        if (!known.containsKey(node.name())) {
            known.put(node.name(), scan(node));
        }
        return known.get(node.name());
    }

    private @Nullable Object scan(RecordedNode node) {
        Graph whole = recorded.graph().build();
        List<Node> needed = NeededNodes.of(whole, node.name());
        RunnableModel shapes = model.get();
        try (Scope scope = Scope.open()) {
            List<Node> clamped = new CallCounts(shapes, recorded.inputs()).clamp(needed);
            Graph graph = new Graph(whole.id(), false, clamped);
            Block.Trace block = new Block.Trace(Map.of(), recorded.inputs(), graph);
            try (Results results = Interleaver.of(block, shapes).run()) {
                return keep(results.get(Long.toString(whole.id()), node.name()));
            }
        } catch (GraphException | TorchException | IllegalStateException e) {
            throw new IllegalStateException(
                    "the shape of '" + node.name() + "' can't be told from shapes alone: " + e.getMessage(), e);
        }
    }

    private @Nullable Object keep(@Nullable Object value) {
        if (value instanceof Tensor tensor) {
            Tensor kept = tensor.share().release();
            owned.add(kept);
            return kept;
        }
        return value;
    }

    @Override
    public void close() {
        owned.forEach(Tensor::close);
        owned.clear();
        known.clear();
    }
}
