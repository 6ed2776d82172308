package io.sightline.nn;

import io.sightline.engine.Tensor;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Which kernel an attention module uses, and the hooks on its scores and probabilities. Scaled-dot-product attention never makes either; the eager
 * way does, so a graph that reads the probabilities from the output {@linkplain #forceEager forces} it, and a hook does so by being there: for
 * that module and for the calls of its thread.
 */
public final class AttentionSwitch {
    private final AttentionKind kind;
    private final CopyOnWriteArrayList<Thread> forced = new CopyOnWriteArrayList<>();

    private final HookList<AttentionHook> onScores = new HookList<>();
    private final HookList<AttentionHook> onProbabilities = new HookList<>();

    public AttentionSwitch(AttentionKind kind) {
        this.kind = kind;
    }

    /** Whether this thread's next call makes the probabilities. */
    public boolean isEager() {
        return kind == AttentionKind.EAGER || isForced() || isHooked(onScores) || isHooked(onProbabilities);
    }

    private static boolean isHooked(HookList<AttentionHook> hooks) {
        if (!hooks.isEmpty()) {
            for (HookList.Entry<AttentionHook> entry : hooks.entries()) {
                if (entry.isForThisThread()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Shows this thread's scores, masked and before the softmax, to {@code hook} until the handle is closed. */
    public HookHandle registerScoresHook(AttentionHook hook) {
        return onScores.add(hook);
    }

    /** Shows this thread's probabilities, as the softmax gives them, to {@code hook} until the handle is closed. */
    public HookHandle registerProbabilitiesHook(AttentionHook hook) {
        return onProbabilities.add(hook);
    }

    /** What goes on after the hooks on scores. */
    public Tensor scores(Tensor computed) {
        return through(onScores, computed);
    }

    /** What goes on after the hooks on probabilities. */
    public Tensor probabilities(Tensor computed) {
        return through(onProbabilities, computed);
    }

    private static Tensor through(HookList<AttentionHook> hooks, Tensor computed) {
        Tensor now = computed;
        if (!hooks.isEmpty()) {
            for (HookList.Entry<AttentionHook> entry : hooks.entries()) {
                if (entry.isForThisThread()) {
                    now = entry.hook().reached(now);
                }
            }
        }
        return now;
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
