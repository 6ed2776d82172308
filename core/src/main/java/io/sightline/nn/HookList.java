package io.sightline.nn;

import java.util.concurrent.CopyOnWriteArrayList;

/** The hooks of one kind on one module, each with the thread it is for. */
final class HookList<H> {
    private final CopyOnWriteArrayList<Entry<H>> entries = new CopyOnWriteArrayList<>();

    record Entry<H>(H hook, Thread thread) {
        boolean isForThisThread() {
            return thread == Thread.currentThread();
        }
    }

    HookHandle add(H hook) {
        return addAt(entries.size(), hook);
    }

    HookHandle addFirst(H hook) {
        return addAt(0, hook);
    }

    private HookHandle addAt(int index, H hook) {
        Entry<H> entry = new Entry<>(hook, Thread.currentThread());
        synchronized (entries) {
            entries.add(Math.min(index, entries.size()), entry);
        }
        // Identity, not equality: the same hook may be registered twice.
        return () -> entries.removeIf(e -> e == entry);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    int size() {
        return entries.size();
    }

    int sizeForThisThread() {
        int count = 0;
        for (Entry<H> entry : entries) {
            count += entry.isForThisThread() ? 1 : 0;
        }
        return count;
    }

    Iterable<Entry<H>> entries() {
        return entries;
    }
}
