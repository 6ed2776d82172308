package io.sightline.engine;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Owns the tensors made on this thread while it is the innermost scope, and frees them when it closes.
 *
 * <p>There are three lifetimes in Sightline: a model's, a batch's and a module call's; the last two are scopes. What should outlive a
 * scope is moved to the parent scope with {@link #keep}. A tensor made outside any scope belongs to its maker. Scopes nest strictly and belong
 * to the thread that opened them.
 *
 * <pre>{@code
 * try (Scope scope = Scope.open()) {
 *     Tensor scores = query.matmul(key);
 *     return scope.keep(scores.softmax(-1));
 * }
 * }</pre>
 */
public final class Scope implements AutoCloseable {
    private final ThreadState thread;
    private final @Nullable Scope parent;
    private @Nullable Tensor[] owned = new Tensor[8];
    private int size;
    private boolean closed;

    private Scope(ThreadState thread) {
        this.thread = thread;
        this.parent = thread.scope;
    }

    /** Opens a scope inside the current one of this thread. */
    public static Scope open() {
        ThreadState thread = ThreadState.current();
        Scope scope = new Scope(thread);
        thread.scope = scope;
        return scope;
    }

    /** Whether a scope of this thread is open, which then owns new tensors. */
    public static boolean isOpen() {
        return ThreadState.current().scope != null;
    }

    /**
     * Lets tensors out: every tensor found in {@code value} (through tuples, lists and maps) that this scope owns passes to the scope
     * around it, or to the caller where there is none.
     *
     * @return {@code value} itself
     */
    public <T> T keep(T value) {
        moveToParent(value);
        return value;
    }

    /** As {@link #keep}, for a value that may be {@code null}. */
    public void moveToParent(@Nullable Object value) {
        if (value instanceof Tensor tensor) {
            if (tensor.owner == this) {
                tensor.moveTo(parent);
            }
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(this::moveToParent);
        } else if (value instanceof Iterable<?> items) {
            for (Object item : items) {
                moveToParent(item);
            }
        }
    }

    /** Whether {@code tensor} is freed when this scope closes. */
    public boolean owns(Tensor tensor) {
        return tensor.owner == this;
    }

    /**
     * Frees the tensors in {@code value} that the current scope owns, before it closes; others are left to their owners. For values that are
     * done with while much is still to come: whoever else wants one has a handle of its own.
     */
    public static void discard(@Nullable Object value) {
        Scope current = ThreadState.current().scope;
        if (value instanceof Tensor tensor) {
            if (current != null && tensor.owner == current) {
                tensor.close();
            }
        } else if (value instanceof Iterable<?> items) {
            items.forEach(Scope::discard);
        }
    }

    void add(Tensor tensor) {
        if (size == owned.length) {
            compactOrGrow();
        }
        tensor.slot = size;
        owned[size++] = tensor;
    }

    void remove(Tensor tensor) {
        owned[tensor.slot] = null;
    }

    /** A long-lived scope around many short-lived tensors would else grow with every tensor ever made in it. */
    private void compactOrGrow() {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            Tensor tensor = owned[i];
            if (tensor != null) {
                tensor.slot = kept;
                owned[kept++] = tensor;
            }
        }
        Arrays.fill(owned, kept, size, null);
        size = kept;
        if (kept > owned.length / 2) {
            owned = Arrays.copyOf(owned, owned.length * 2);
        }
    }

    /** Frees what is still owned. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (thread.scope != this || thread != ThreadState.current()) {
            throw new IllegalStateException("scopes close in the order opposite to their opening, on the same thread");
        }
        closed = true;
        thread.scope = parent;
        for (int i = 0; i < size; i++) {
            Tensor tensor = owned[i];
            if (tensor != null) {
                tensor.free();
            }
        }
    }
}
