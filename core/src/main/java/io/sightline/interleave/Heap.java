package io.sightline.interleave;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.interleave.function.Optimizer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the values of a run alive while a node or a list holds them, and frees each when none does: Python's reference counts, for
 * tensors and for the containers that can change.
 */
final class Heap implements AutoCloseable {
    private final Map<Object, int[]> holders = new IdentityHashMap<>();

    /**
     * Makes every tensor in {@code value} one that this heap may keep: those made in {@code scope} and those here already stay as they
     * are, others (a model's weight, an activation) are replaced by a handle of their own.
     */
    @Nullable
    Object admit(@Nullable Object value, Scope scope) {
        boolean[] foreign = {false};
        Tree.forEachTensor(value, tensor -> foreign[0] |= !scope.owns(tensor) && !holders.containsKey(tensor));
        return foreign[0] ? Tree.map(value, t -> scope.owns(t) || holders.containsKey(t) ? t : t.share()) : value;
    }

    void retain(@Nullable Object value) {
        if (Tree.isShared(value)) {
            int[] count = holders.get(value);
            if (count != null) {
                count[0]++;
                return;
            }
            holders.put(value, new int[] {1});
            if (value instanceof Tensor tensor) {
                tensor.release();
            }
        }
        Tree.children(value).forEach(this::retain);
    }

    void release(@Nullable Object value) {
        if (Tree.isShared(value)) {
            int[] count = holders.get(value);
            if (count == null || --count[0] > 0) {
                return;
            }
            holders.remove(value);
            dispose(value);
        }
        new ArrayList<>(Tree.children(value)).forEach(this::release);
    }

    private static void dispose(@Nullable Object value) {
        if (value instanceof Tensor tensor) {
            tensor.close();
        } else if (value instanceof Optimizer optimizer) {
            optimizer.close();
        }
    }

    void inserted(Object container, @Nullable Object item) {
        if (holders.containsKey(container)) {
            retain(item);
        }
    }

    void removed(Object container, @Nullable Object item) {
        if (holders.containsKey(container)) {
            release(item);
        }
    }

    /** The tensors that are kept now. */
    List<Tensor> tensors() {
        return holders.keySet().stream()
                .filter(Tensor.class::isInstance)
                .map(Tensor.class::cast)
                .toList();
    }

    /** Frees everything. */
    @Override
    public void close() {
        holders.keySet().forEach(Heap::dispose);
        holders.clear();
    }
}
