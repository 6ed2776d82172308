package io.sightline.engine;

import ai.djl.pytorch.jni.JniUtils;
import org.jspecify.annotations.Nullable;

/**
 * What the engine keeps per thread. Entering it for the first time switches two thread-wide settings of libtorch that a new thread has on:
 * grad mode, and TorchScript's profiling executor, which would recompile kernels for each shape it meets.
 */
final class ThreadState {
    private static final ThreadLocal<ThreadState> CURRENT = ThreadLocal.withInitial(ThreadState::new);

    @Nullable
    Scope scope;

    boolean gradEnabled;

    private ThreadState() {
        Torch.load();
        JniUtils.setGradMode(false);
        Natives.setGraphExecutorOptimize(false);
    }

    static ThreadState current() {
        return CURRENT.get();
    }
}
