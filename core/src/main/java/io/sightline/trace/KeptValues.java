package io.sightline.trace;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.envoy.RecordedRun;
import io.sightline.envoy.Recorder;
import io.sightline.graph.RecordedNode;
import io.sightline.interleave.Results;
import io.sightline.nn.ModelOutput;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The saved values of a run, taken over from its results: tensors belong to the scope that is open, or else to the model, which frees
 * them when it is closed.
 */
final class KeptValues implements RecordedRun.ValueSource {
    private final Recorder recorder;
    private final Map<RecordedKey, @Nullable Object> values = new LinkedHashMap<>();
    private final Map<RecordedKey, String> unset = new LinkedHashMap<>();
    private final Set<String> graphs = new HashSet<>();

    private record RecordedKey(String graph, String node) {
        static RecordedKey of(RecordedNode node) {
            return new RecordedKey(Long.toString(node.graph().id()), node.name());
        }
    }

    private KeptValues(Recorder recorder) {
        this.recorder = recorder;
    }

    static KeptValues of(Results results, Recorder recorder) {
        KeptValues kept = new KeptValues(recorder);
        kept.graphs.addAll(results.values().keySet());
        results.values()
                .forEach((graph, nodes) ->
                        nodes.forEach((node, value) -> kept.values.put(new RecordedKey(graph, node), kept.own(value))));
        results.unset()
                .forEach((graph, nodes) -> nodes.forEach(
                        node -> kept.unset.put(new RecordedKey(graph, node), whyUnset(results, graph, node))));
        return kept;
    }

    private static String whyUnset(Results results, String graph, String node) {
        return "'" + node + "' has no value: " + results.whyUnset(graph, node);
    }

    /** Why each saved node without a value has none. */
    Collection<String> missing() {
        return unset.values();
    }

    @Override
    public @Nullable Object value(RecordedNode node) {
        RecordedKey key = RecordedKey.of(node);
        if (values.containsKey(key)) {
            return values.get(key);
        }
        if (!graphs.contains(key.graph())) {
            throw new IllegalStateException("'" + node.name()
                    + "' has no value: its context was closed before run() was called as the last line of the block, so that the"
                    + " session ran without it");
        }
        String why = unset.get(key);
        throw new IllegalStateException(
                why != null
                        ? why
                        : "'" + node.name() + "' was not saved, so its value is gone; call save() on the proxy");
    }

    @Override
    public boolean has(RecordedNode node) {
        return values.containsKey(RecordedKey.of(node));
    }

    /** The same value with tensor handles of its own. */
    private @Nullable Object own(@Nullable Object value) {
        if (value instanceof Tensor tensor) {
            return handle(tensor);
        } else if (value instanceof Tuple tuple) {
            return Tuple.copyOf(all(tuple));
        } else if (value instanceof ModelOutput output) {
            ModelOutput copy = new ModelOutput(output.className());
            output.forEach((key, item) -> copy.put(key, own(item)));
            return copy;
        } else if (value instanceof Map<?, ?> entries) {
            Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
            entries.forEach((key, item) -> copy.put(key, own(item)));
            return copy;
        } else if (value instanceof Set<?> items) {
            return new LinkedHashSet<>(all(items));
        } else if (value instanceof Collection<?> items) {
            return all(items);
        }
        return value;
    }

    private List<@Nullable Object> all(Collection<? extends @Nullable Object> items) {
        List<@Nullable Object> copies = new ArrayList<>(items.size());
        for (Object item : items) {
            copies.add(own(item));
        }
        return copies;
    }

    private Tensor handle(Tensor tensor) {
        Tensor handle = tensor.share();
        if (!Scope.isOpen()) {
            recorder.own(handle);
        }
        return handle;
    }
}
