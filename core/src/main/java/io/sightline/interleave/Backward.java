package io.sightline.interleave;

import io.sightline.engine.GradMode;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The backward passes of a run: the Grad nodes that wait for one, and the parameters whose gradients add up over all. */
final class Backward implements AutoCloseable {
    private final List<GradientTap> taps = new ArrayList<>();
    private final Map<Tensor, @Nullable Tensor> gathered = new IdentityHashMap<>();

    void tap(Execution execution, int node, Tensor tensor, int skip, long arrival) {
        if (!tensor.requiresGrad()) {
            throw new IllegalArgumentException("cannot take the gradient of a tensor that doesn't require one"
                    + " (an input of the model, an integer tensor, or one made by detach)");
        }
        taps.add(new GradientTap(execution, node, tensor.share().release(), skip, arrival));
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
            new BackwardPass(output, seed == null ? onesLike(output) : seed, taps, gathered).run();
        }
    }

    private static Tensor onesLike(Tensor tensor) {
        return Tensor.full(1, tensor.dtype(), tensor.device(), tensor.shape());
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
