package io.sightline.engine;

import org.jspecify.annotations.Nullable;

/** A native handle with one owner, a scope or whoever released it from one: freed once, and counted until then. */
abstract sealed class TensorHandle implements AutoCloseable permits Tensor {
    private long handle;
    private boolean counted = true;

    @Nullable
    Scope owner;

    /** Where its scope keeps it. */
    int slot;

    TensorHandle(long handle) {
        this.handle = handle;
        Torch.LIVE.increment();
    }

    /** The native handle, for the engine room only. */
    long handle() {
        if (handle == 0) {
            throw new IllegalStateException("this tensor was closed, by itself or with the scope that owned it");
        }
        return handle;
    }

    void stopCounting() {
        counted = false;
        Torch.LIVE.decrement();
    }

    void moveTo(@Nullable Scope scope) {
        if (owner != null) {
            owner.remove((Tensor) this);
        }
        owner = scope;
        if (scope != null) {
            scope.add((Tensor) this);
        }
    }

    void free() {
        if (handle != 0) {
            Natives.deleteTensor(handle);
            handle = 0;
            owner = null;
            if (counted) {
                Torch.LIVE.decrement();
            }
        }
    }

    public boolean isClosed() {
        return handle == 0;
    }

    /** Frees the handle; closing twice does nothing. */
    @Override
    public void close() {
        if (owner != null) {
            owner.remove((Tensor) this);
        }
        free();
    }
}
