package io.sightline.interleave;

import io.sightline.engine.Device;
import io.sightline.engine.Tensor;
import io.sightline.graph.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The saved values of a run, on the CPU and outside autograd, by graph id and node name. It owns their tensors until it is closed. */
public final class Results implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Results.class);
    private static final String NOT_REACHED = ": the module was not called so often";

    private final Map<String, Map<String, @Nullable Object>> values = new LinkedHashMap<>();
    private final Map<String, List<String>> unset = new LinkedHashMap<>();
    private final Map<String, String> reasons = new HashMap<>();
    private final Map<Tensor, Tensor> tensors = new IdentityHashMap<>();

    private Results() {}

    static Results of(Plan plan, Run run) {
        Results results = new Results();
        for (Plan part : plan.withAllInside()) {
            results.collect(part, run.execution(part.graph().id()));
        }
        return results;
    }

    private void collect(Plan plan, @Nullable Execution execution) {
        String id = Long.toString(plan.graph().id());
        Map<String, @Nullable Object> found = values.computeIfAbsent(id, key -> new LinkedHashMap<>());
        for (int i = 0; i < plan.saves().length; i++) {
            if (plan.saves()[i].length == 0) {
                continue;
            }
            String name = plan.node(i).name();
            if (execution != null && execution.has(i)) {
                found.put(name, Tree.map(execution.value(i), this::own));
            } else {
                unset.computeIfAbsent(id, key -> new ArrayList<>()).add(name);
                String reason = reason(plan, i, execution);
                reasons.put(id + "/" + name, reason);
                if (reason.endsWith(NOT_REACHED)) {
                    LOG.warn("{} has no value: {}", plan.describe(i), reason);
                }
            }
        }
    }

    /** One handle of its own for each tensor, however often it was saved. */
    private Tensor own(Tensor tensor) {
        return tensors.computeIfAbsent(tensor, t -> {
            Tensor detached = t.requiresGrad() ? t.detach() : t.share();
            Tensor local = detached.device().isCpu() || detached.device().isMeta() ? detached : detached.to(Device.CPU);
            return local.release();
        });
    }

    private static String reason(Plan plan, int number, @Nullable Execution execution) {
        if (execution == null) {
            return "its graph never ran";
        } else if (execution.isDead(number)) {
            return "its condition was false";
        } else if (execution.isStopped()) {
            return "the run was stopped before it";
        }
        Operation.Intervention missed = firstMissed(plan, number, execution);
        return missed == null
                ? "what it depends on has no value"
                : missed.place() + " was not reached" + (missed.call() > 0 ? " in call " + missed.call() : "")
                        + NOT_REACHED;
    }

    /** An Intervention that a node depends on and that never got a value, or null. */
    private static Operation.@Nullable Intervention firstMissed(Plan plan, int number, Execution execution) {
        Set<Integer> seen = new HashSet<>();
        Deque<Integer> open = new ArrayDeque<>(List.of(number));
        while (!open.isEmpty()) {
            int next = open.pop();
            if (seen.add(next)) {
                if (plan.operation(next) instanceof Operation.Intervention intervention
                        && execution.arrival(next) == 0) {
                    return intervention;
                }
                Arrays.stream(plan.dependencies()[next]).forEach(open::push);
            }
        }
        return null;
    }

    /**
     * A saved value: a {@link Tensor}, number, string, list …; null is Python's None.
     *
     * @throws IllegalStateException if the node has no value, saying why, or was not saved
     */
    public @Nullable Object get(String graphId, String node) {
        Map<String, @Nullable Object> found = values.getOrDefault(graphId, Map.of());
        if (found.containsKey(node)) {
            return found.get(node);
        }
        String reason = reasons.get(graphId + "/" + node);
        throw new IllegalStateException("node '" + node + "' of graph " + graphId + " has no value: "
                + (reason == null ? "it was not saved; call save() on it" : reason));
    }

    /** {@link #get} of a tensor. */
    public Tensor tensor(String graphId, String node) {
        return (Tensor) Objects.requireNonNull(get(graphId, node));
    }

    /** All saved values, by graph id (every graph has an entry) and node name. */
    public Map<String, Map<String, @Nullable Object>> values() {
        return Collections.unmodifiableMap(values);
    }

    /** The saved nodes without a value, by graph id. */
    public Map<String, List<String>> unset() {
        return Collections.unmodifiableMap(unset);
    }

    /** Why a saved node has no value; null where it has one. */
    public @Nullable String whyUnset(String graphId, String node) {
        return reasons.get(graphId + "/" + node);
    }

    @Override
    public void close() {
        tensors.values().forEach(Tensor::close);
    }
}
