package io.sightline.interleave;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.graph.GraphException;
import io.sightline.graph.Operation;
import io.sightline.graph.Place;
import io.sightline.nn.Args;
import io.sightline.nn.HookHandle;
import io.sightline.nn.Module;
import io.sightline.nn.RoutedTokens;
import io.sightline.python.PythonDict;
import io.sightline.python.SizeMismatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The hooks of one run of the model: at the places that the graph or a capture uses, nowhere else, and gone when closed. */
final class PlaceHooks implements AutoCloseable {
    private static final int[] NONE = {};

    private final Execution execution;
    private final InvokeRows rows;
    private final PassEnd end;
    private final List<HookHandle> handles = new ArrayList<>();

    private PlaceHooks(Execution execution, InvokeRows rows, PassEnd end) {
        this.execution = execution;
        this.rows = rows;
        this.end = end;
    }

    static PlaceHooks register(Execution execution, InvokeRows rows, boolean canEndEarly) {
        PlaceHooks hooks = new PlaceHooks(execution, rows, new PassEnd(execution, canEndEarly));
        Map<Place, List<CaptureSink>> captures = new LinkedHashMap<>();
        execution.plan.places().keySet().forEach(place -> captures.put(place, List.of()));
        execution.run.edits.places().forEach(place -> captures.putIfAbsent(place, List.of()));
        for (Capture capture : execution.run.captures) {
            List<CaptureSink> sinks = new ArrayList<>(captures.getOrDefault(capture.place(), List.of()));
            sinks.add(capture.sink());
            captures.put(capture.place(), sinks);
        }
        try {
            captures.forEach(hooks::add);
        } catch (RuntimeException e) {
            hooks.close();
            throw e;
        }
        return hooks;
    }

    private void add(Place place, List<CaptureSink> sinks) {
        Module module = Modules.find(execution.run.model.module(), place.path());
        HookSite site = new HookSite(place, execution.plan.places().getOrDefault(place, NONE), sinks);
        handles.add(
                switch (place.port()) {
                    case INPUT -> module.registerForwardPreHookFirst((m, args) -> site.input(args));
                    case OUTPUT -> module.registerForwardHookFirst((m, args, output) -> site.reached(output));
                    case SCORES -> Modules.attentionAt(place, module).registerScoresHook(site::pattern);
                    case PROBABILITIES -> Modules.attentionAt(place, module).registerProbabilitiesHook(site::pattern);
                });
        if (!place.port().isOfAttention()) {
            end.hooked();
        }
    }

    @Override
    public void close() {
        handles.forEach(HookHandle::close);
        handles.clear();
    }

    /** One place in use. */
    private final class HookSite {
        private final Place place;
        private final int[] nodes;
        private final List<CaptureSink> sinks;
        private final boolean isEdited;
        private int calls;
        private boolean isSet;

        HookSite(Place place, int[] nodes, List<CaptureSink> sinks) {
            this.place = place;
            this.nodes = nodes;
            this.sinks = sinks;
            this.isEdited = execution.run.edits.places().contains(place);
            for (int node : nodes) {
                int group = ((Operation.Intervention) execution.plan.operation(node)).batchGroup();
                if (group >= rows.groups()) {
                    throw new GraphException(execution.plan.describe(node) + " reads " + place + " of invoke " + group
                            + "; the batch has invokes 0 to " + (rows.groups() - 1));
                }
            }
        }

        @Nullable
        Args input(Args args) {
            Tuple given = Tuple.of(Tuple.copyOf(args.positional()), new PythonDict(args.keywords()));
            Object now = reached(given);
            return now == given ? null : asArgs(now);
        }

        private Args asArgs(@Nullable Object value) {
            if (value instanceof List<?> pair
                    && pair.size() == 2
                    && pair.get(0) instanceof List<?> positional
                    && pair.get(1) instanceof Map<?, ?> keywords) {
                Map<String, @Nullable Object> named = new LinkedHashMap<>();
                keywords.forEach((key, item) -> named.put(String.valueOf(key), item));
                return new Args(new ArrayList<@Nullable Object>(positional), named);
            }
            throw new GraphException("the value set at " + place + " has to be ((arguments…), {keyword arguments…})");
        }

        Tensor pattern(Tensor given) {
            if (reached(given) instanceof Tensor now && Arrays.equals(now.shape(), given.shape())) {
                return now.to(given.dtype());
            }
            throw new GraphException("the value set at " + place + " has to be a tensor of shape "
                    + Arrays.toString(given.shape()) + ", [batch, heads, query, key]");
        }

        /** Runs the place's nodes and captures; gives what goes on from here. */
        @Nullable
        Object reached(@Nullable Object activations) {
            int call = calls++;
            Object now = activations;
            for (int node : nodes) {
                Operation.Intervention intervention = (Operation.Intervention) execution.plan.operation(node);
                if (intervention.call() == call && !execution.isDead(node)) {
                    now = offer(node, intervention.batchGroup(), now);
                    end.served(node);
                }
            }
            if (isEdited) {
                now = edited(now, call);
            }
            if (!sinks.isEmpty()) {
                capture(now, call);
                end.captured(place);
            }
            if (!isSet) {
                // What was set goes on to the module that takes it, which may refuse it.
                end.check();
            }
            isSet = false;
            return now;
        }

        private @Nullable Object offer(int node, int group, @Nullable Object activations) {
            if (RoutedTokens.current().filter(Tensor::isMeta).isPresent()) {
                throw new ShapeCheck.Undecided("which tokens " + place + " is given depends on data");
            }
            boolean narrowed = rows.narrows(group);
            Scope scope = Scope.open();
            try (scope) {
                Object mine = narrowed
                        ? rows.narrow(
                                activations, group, execution.plan.writes().mayChange(node), place)
                        : Tree.map(activations, Tensor::share);
                // The very tensors that nodes see go on, so that gradients flow through them.
                Object same = narrowed ? Tree.map(mine, Tensor::share) : activations;
                Object now = execution.offer(node, mine, scope);
                if (now == UNCHANGED && !narrowed) {
                    return activations;
                }
                Object part = now == UNCHANGED ? same : now;
                Object whole = fitted(node, group, activations, part);
                if (now != UNCHANGED) {
                    isSet = true;
                    execution.run.set(activations, whole);
                }
                scope.moveToParent(whole);
                return whole;
            }
        }

        /** What goes on from here: the whole batch, in which {@code part} stands for its rows. */
        private @Nullable Object fitted(int node, int group, @Nullable Object activations, @Nullable Object part) {
            try {
                if (rows.narrows(group)) {
                    return rows.putBack(activations, part, group, place);
                }
                rows.checkRows(activations, part, place);
                return part;
            } catch (GraphException e) {
                throw new GraphException(
                        execution.plan.describe(node) + ": " + e.getMessage(), new SizeMismatch(e.getMessage(), e));
            }
        }

        /** The rows' interventions change the place's first tensor. */
        private @Nullable Object edited(@Nullable Object activations, int call) {
            Tensor first = Tree.first(activations);
            if (first == null || RoutedTokens.current().isPresent()) {
                throw new GraphException("cannot change " + place + ": "
                        + (first == null
                                ? "it holds no tensor"
                                : "it holds the tokens that a router chose; change the mixture's input or output"));
            }
            try (Scope scope = Scope.open()) {
                Tensor changed = execution.run.edits.apply(place, call, first);
                scope.moveToParent(changed);
                return Tree.map(activations, tensor -> tensor == first ? changed : tensor);
            } catch (IllegalArgumentException e) {
                throw new GraphException(String.valueOf(e.getMessage()), e);
            }
        }

        private void capture(@Nullable Object activations, int call) {
            Tensor first = Tree.first(activations);
            if (first == null) {
                throw new GraphException("nothing to capture at " + place + ": it holds no tensor");
            }
            try {
                sinks.forEach(sink -> sink.accept(first, call));
            } catch (RuntimeException e) {
                throw new CaptureFailure(e);
            }
        }
    }

    /** Carries what a capture's sink threw through the model, to be thrown as it was. */
    static final class CaptureFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final RuntimeException thrown;

        CaptureFailure(RuntimeException thrown) {
            super(thrown);
            this.thrown = thrown;
        }

        RuntimeException thrown() {
            return thrown;
        }
    }

    /** What {@link Execution#offer} gives where nothing was set in the value's place. */
    static final Object UNCHANGED = new Object();
}
