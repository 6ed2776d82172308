package io.sightline.interleave;

import io.sightline.nn.Module;
import io.sightline.nn.Parameter;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Makes a model's floating weights require gradients while a graph that differentiates runs, as PyTorch's always do: so every activation
 * is part of autograd's graph. Threads share a model, so the last one to leave switches it off; threads without autograd don't notice.
 */
final class GradientSources implements AutoCloseable {
    private static final Map<Module, Integer> USERS = new IdentityHashMap<>();

    private final Module root;

    private GradientSources(Module root) {
        this.root = root;
    }

    static GradientSources open(Module root) {
        synchronized (USERS) {
            if (USERS.merge(root, 1, Integer::sum) == 1) {
                set(root, true);
            }
        }
        return new GradientSources(root);
    }

    private static void set(Module root, boolean required) {
        for (Parameter parameter : root.namedParameters().values()) {
            if (parameter.isBound() && parameter.tensor().dtype().isFloatingPoint()) {
                parameter.tensor().requiresGrad(required);
            }
        }
    }

    @Override
    public void close() {
        synchronized (USERS) {
            if (USERS.merge(root, -1, Integer::sum) == 0) {
                USERS.remove(root);
                set(root, false);
            }
        }
    }
}
