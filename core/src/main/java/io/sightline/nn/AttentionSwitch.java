package io.sightline.nn;

import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Which kernel an attention module uses. Scaled-dot-product attention never makes the probabilities; the eager way does, so a graph
 * that reads them {@linkplain #forceEager forces} it, for that module and for the calls of its thread.
 */
public final class AttentionSwitch {
    private final AttentionKind kind;
    private final CopyOnWriteArrayList<Thread> forced = new CopyOnWriteArrayList<>();

    public AttentionSwitch(AttentionKind kind) {
        this.kind = kind;
    }

    /** Whether this thread's next call makes the probabilities. */
    public boolean isEager() {
        return kind == AttentionKind.EAGER || isForced();
    }

    /** Whether something reads the probabilities that this thread's next call makes. */
    public boolean isForced() {
        return !forced.isEmpty() && forced.contains(Thread.currentThread());
    }

    /** Makes this thread's calls eager until the handle is closed. */
    public HookHandle forceEager() {
        Thread thread = Thread.currentThread();
        forced.add(thread);
        return () -> forced.remove(thread);
    }
}
