package io.sightline.interleave;

import io.sightline.engine.Autograd;
import io.sightline.engine.GradMode;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.TorchFunction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Backward passes with torch's tensor hooks: the gradient that arrives at a tapped tensor can be read and replaced, and what replaced it
 * flows on.
 *
 * <p>libtorch's hooks can't be reached from Java. But a backward pass is linear: where the gradient {@code g} of a tensor becomes
 * {@code g'}, the gradient of everything upstream of it changes by what flows from {@code g'} less what flowed from {@code g}.
 */
final class Backward implements AutoCloseable {
    private final Run run;
    private final List<Tap> taps = new ArrayList<>();
    private final Map<Tensor, @Nullable Tensor> gathered = new IdentityHashMap<>();

    Backward(Run run) {
        this.run = run;
    }

    /** A Grad node that waits for the gradient of {@code tensor}, after {@code skip} passes that reach it. */
    private static final class Tap {
        final Execution execution;
        final int node;
        final Tensor tensor;
        final long arrival;
        int skip;

        Tap(Execution execution, int node, Tensor tensor, int skip, long arrival) {
            this.execution = execution;
            this.node = node;
            this.tensor = tensor;
            this.skip = skip;
            this.arrival = arrival;
        }
    }

    void tap(Execution execution, int node, Tensor tensor, int skip, long arrival) {
        if (!tensor.requiresGrad()) {
            throw new IllegalArgumentException("cannot take the gradient of a tensor that doesn't require one"
                    + " (an input of the model, an integer tensor, or one made by detach)");
        }
        taps.add(new Tap(execution, node, tensor, skip, arrival));
    }

    void gather(Tensor parameter) {
        gathered.putIfAbsent(parameter, null);
    }

    @Nullable
    Tensor gathered(Tensor parameter) {
        return gathered.get(parameter);
    }

    void forget(Tensor parameter) {
        Tensor before = gathered.replace(parameter, null);
        if (before != null) {
            before.close();
        }
    }

    /** Forgets the taps of a trace that is over. */
    void drop(Execution execution) {
        taps.removeIf(tap -> tap.execution == execution);
    }

    /** {@code output.backward(seed)}. */
    void run(Tensor output, @Nullable Tensor seed) {
        if (!output.requiresGrad()) {
            throw new IllegalArgumentException(
                    "backward() of a tensor that does not depend on anything differentiable");
        } else if (seed == null && output.elements() != 1) {
            throw new IllegalArgumentException("backward() without a gradient is for one number; this has shape "
                    + java.util.Arrays.toString(output.shape()));
        }
        try (Scope scope = Scope.open();
                GradMode off = GradMode.disable()) {
            new Pass(output, seed == null ? onesLike(output) : seed).run();
        }
    }

    private static Tensor onesLike(Tensor tensor) {
        return Tensor.full(1, tensor.dtype(), tensor.device(), tensor.shape());
    }

    /** One backward pass over the taps, those of later values first. */
    private final class Pass {
        private final Tensor output;
        private final Tensor seed;
        private final List<Tap> order = new ArrayList<>(taps);
        private final List<Tensor> inputs = new ArrayList<>();
        private final List<@Nullable Tensor> gradients = new ArrayList<>();

        Pass(Tensor output, Tensor seed) {
            this.output = output;
            this.seed = seed;
            order.sort(Comparator.comparingLong((Tap tap) -> tap.arrival).reversed());
            order.forEach(tap -> inputs.add(tap.tensor));
            inputs.addAll(gathered.keySet().stream()
                    .filter(p -> !p.isClosed() && p.requiresGrad())
                    .toList());
        }

        void run() {
            if (inputs.isEmpty()) {
                return;
            }
            gradients.addAll(Autograd.gradients(List.of(output), List.of(seed), inputs));
            for (int i = 0; i < order.size(); ) {
                int end = i + 1;
                while (end < order.size() && order.get(end).tensor == order.get(i).tensor) {
                    end++;
                }
                if (gradients.get(i) != null) {
                    reach(i, end);
                }
                i = end;
            }
            gatherRest();
        }

        /** All taps of one tensor, in the order of their making: each sees what the one before it left. */
        private void reach(int from, int end) {
            Tensor arrived = java.util.Objects.requireNonNull(gradients.get(from));
            boolean fires = order.subList(from, end).stream().anyMatch(tap -> tap.skip == 0);
            Tensor before = fires && end < inputs.size() ? arrived.copy() : arrived;
            Tensor now = arrived;
            for (Tap tap : order.subList(from, end)) {
                if (tap.skip-- == 0) {
                    now = fire(tap, now);
                    taps.remove(tap);
                }
            }
            if (fires && end < inputs.size() && !equal(before, now)) {
                reflow(inputs.get(from), before, now, end);
            }
        }

        private Tensor fire(Tap tap, Tensor gradient) {
            Scope scope = Scope.open();
            try (scope) {
                Object now = tap.execution.offer(tap.node, gradient.share(), scope);
                if (now == PlaceHooks.UNCHANGED) {
                    return gradient;
                } else if (now instanceof Tensor replacement) {
                    scope.letOut(replacement);
                    return replacement;
                }
                throw new IllegalArgumentException("a gradient can only be set to a tensor");
            }
        }

        private void reflow(Tensor tensor, Tensor before, Tensor now, int from) {
            List<Tensor> upstream = inputs.subList(from, inputs.size());
            List<@Nullable Tensor> less = Autograd.gradients(List.of(tensor), List.of(before), upstream);
            List<@Nullable Tensor> more = Autograd.gradients(List.of(tensor), List.of(now), upstream);
            for (int i = 0; i < upstream.size(); i++) {
                Tensor minus = less.get(i);
                Tensor plus = more.get(i);
                Tensor total = gradients.get(from + i);
                if (minus != null && plus != null && total != null) {
                    gradients.set(from + i, total.sub(minus).add(plus));
                }
            }
        }

        private boolean equal(Tensor a, Tensor b) {
            return java.util.Arrays.equals(a.shape(), b.shape())
                    && a.dtype() == b.dtype()
                    && Boolean.TRUE.equals(TorchFunction.call("equal", List.of(a, b), Map.of()));
        }

        private void gatherRest() {
            for (int i = order.size(); i < inputs.size(); i++) {
                Tensor gradient = gradients.get(i);
                Tensor parameter = inputs.get(i);
                if (gradient != null) {
                    Tensor sum = gathered.get(parameter);
                    Tensor next = (sum == null ? gradient.share() : sum.add(gradient)).release();
                    if (sum != null) {
                        sum.close();
                    }
                    gathered.put(parameter, next);
                }
            }
        }
    }

    @Override
    public void close() {
        gathered.values().forEach(gradient -> {
            if (gradient != null) {
                gradient.close();
            }
        });
        gathered.clear();
    }
}
