package io.sightline.interleave;

import io.sightline.engine.Autograd;
import io.sightline.engine.GradMode;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Torch;
import io.sightline.engine.TorchFunction;
import java.util.ArrayList;
import java.util.Arrays;
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
    private final List<Tap> taps = new ArrayList<>();
    private final Map<Tensor, @Nullable Tensor> gathered = new IdentityHashMap<>();

    /** A Grad node that waits for the gradient of {@code tensor}, after {@code skip} passes that reach it. */
    private static final class Tap {
        final Execution execution;
        final int node;
        final Tensor tensor;
        final long arrival;
        int skip;

        /** @param tensor a handle of the tap's own: the node whose value it is may be let go during the pass */
        Tap(Execution execution, int node, Tensor tensor, int skip, long arrival) {
            this.execution = execution;
            this.node = node;
            this.tensor = tensor;
            this.skip = skip;
            this.arrival = arrival;
        }

        boolean isOfSameTensor(Tap other) {
            return Torch.isSame(tensor, other.tensor);
        }
    }

    void tap(Execution execution, int node, Tensor tensor, int skip, long arrival) {
        if (!tensor.requiresGrad()) {
            throw new IllegalArgumentException("cannot take the gradient of a tensor that doesn't require one"
                    + " (an input of the model, an integer tensor, or one made by detach)");
        }
        taps.add(new Tap(execution, node, tensor.share().release(), skip, arrival));
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
        taps.removeIf(tap -> {
            boolean over = tap.execution == execution;
            if (over) {
                tap.tensor.close();
            }
            return over;
        });
    }

    /** {@code output.backward(seed)}. */
    void run(Tensor output, @Nullable Tensor seed) {
        if (!output.requiresGrad()) {
            throw new IllegalArgumentException(
                    "backward() of a tensor that does not depend on anything differentiable");
        } else if (seed == null && output.elements() != 1) {
            throw new IllegalArgumentException("backward() without a gradient is for one number; this has shape "
                    + Arrays.toString(output.shape()));
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
        private final List<List<Tap>> groups = new ArrayList<>();
        private final List<Tensor> inputs = new ArrayList<>();
        private final List<@Nullable Tensor> gradients = new ArrayList<>();
        private final List<Tap> fired = new ArrayList<>();

        Pass(Tensor output, Tensor seed) {
            this.output = output;
            this.seed = seed;
            taps.forEach(this::group);
            groups.sort(Comparator.comparingLong(Pass::arrival).reversed());
            groups.forEach(group -> inputs.add(group.get(0).tensor));
            inputs.addAll(gathered.keySet().stream()
                    .filter(p -> !p.isClosed() && p.requiresGrad())
                    .toList());
        }

        /** Taps of one tensor stand together, in the order of their making. */
        private void group(Tap tap) {
            for (List<Tap> group : groups) {
                if (group.get(0).isOfSameTensor(tap)) {
                    group.add(tap);
                    return;
                }
            }
            groups.add(new ArrayList<>(List.of(tap)));
        }

        private static long arrival(List<Tap> group) {
            return group.stream().mapToLong(tap -> tap.arrival).min().orElse(0);
        }

        void run() {
            if (inputs.isEmpty()) {
                return;
            }
            try {
                gradients.addAll(Autograd.gradients(List.of(output), List.of(seed), inputs));
                for (int i = 0; i < groups.size(); i++) {
                    Tensor arrived = gradients.get(i);
                    if (arrived != null) {
                        reach(i, arrived);
                    }
                }
                gatherRest();
            } finally {
                fired.forEach(tap -> tap.tensor.close());
            }
        }

        /** Each tap of a tensor sees what the one before it left. */
        private void reach(int index, Tensor arrived) {
            boolean fires = groups.get(index).stream().anyMatch(tap -> tap.skip == 0);
            boolean hasUpstream = index + 1 < inputs.size();
            Tensor before = fires && hasUpstream ? arrived.copy() : arrived;
            Tensor now = arrived;
            for (Tap tap : groups.get(index)) {
                if (tap.skip-- == 0) {
                    now = fire(tap, now);
                    taps.remove(tap);
                    fired.add(tap);
                }
            }
            if (fires && hasUpstream && !equal(before, now)) {
                reflow(inputs.get(index), before, now, index + 1);
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
            return Arrays.equals(a.shape(), b.shape())
                    && a.dtype() == b.dtype()
                    && Boolean.TRUE.equals(TorchFunction.call("equal", List.of(a, b), Map.of()));
        }

        private void gatherRest() {
            for (int i = groups.size(); i < inputs.size(); i++) {
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
        taps.forEach(tap -> tap.tensor.close());
        taps.clear();
        gathered.values().forEach(gradient -> {
            if (gradient != null) {
                gradient.close();
            }
        });
        gathered.clear();
    }
}
