package io.sightline.engine;

import ai.djl.pytorch.jni.JniUtils;

/**
 * Switches autograd for this thread while it is open, and back when it closes. Sightline's threads start with autograd off.
 *
 * <pre>{@code
 * try (GradMode grad = GradMode.enable()) { … }
 * }</pre>
 */
public final class GradMode implements AutoCloseable {
    private final ThreadState thread;
    private final boolean before;

    private GradMode(boolean enabled) {
        thread = ThreadState.current();
        before = thread.gradEnabled;
        set(enabled);
    }

    public static GradMode enable() {
        return new GradMode(true);
    }

    public static GradMode disable() {
        return new GradMode(false);
    }

    /** Whether operations of this thread are recorded for a backward pass. */
    public static boolean isEnabled() {
        return ThreadState.current().gradEnabled;
    }

    private void set(boolean enabled) {
        if (thread.gradEnabled != enabled) {
            JniUtils.setGradMode(enabled);
            thread.gradEnabled = enabled;
        }
    }

    @Override
    public void close() {
        set(before);
    }
}
