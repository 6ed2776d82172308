package io.sightline.engine;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * The engine of this process: loading it offline, its threads, its seed, its GPUs, and how many tensors are alive.
 *
 * <p>Loading is lazy and happens once. Before DJL's first class is loaded, DJL is configured to stay offline and to send no telemetry.
 */
public final class Torch {
    private static final AtomicBoolean LOADED = new AtomicBoolean();
    static final LongAdder LIVE = new LongAdder();

    private Torch() {}

    /**
     * Loads libtorch if it is not loaded yet.
     *
     * @throws TorchException if the natives are missing for this platform
     */
    public static void load() {
        if (LOADED.get()) {
            return;
        }
        synchronized (LOADED) {
            if (LOADED.get()) {
                return;
            }
            System.setProperty("ai.djl.offline", "true");
            System.setProperty("OPT_OUT_TRACKING", "true");
            try {
                Engine.getEngine("PyTorch");
            } catch (RuntimeException | LinkageError e) {
                throw new TorchException(
                        "cannot load the PyTorch engine for " + System.getProperty("os.name") + " "
                                + System.getProperty("os.arch") + ": " + e.getMessage()
                                + "; the default build carries linux-x86_64 natives",
                        e);
            }
            LOADED.set(true);
        }
    }

    /** How many GPUs the loaded natives can use; 0 with the CPU natives. */
    public static int gpuCount() {
        load();
        return Engine.getEngine("PyTorch").getGpuCount();
    }

    /** libtorch's version, {@code 2.7.1}. */
    public static String version() {
        load();
        return Engine.getEngine("PyTorch").getVersion();
    }

    /** How many threads one operation may use on the CPU, for the whole process. */
    public static void setThreads(int threads) {
        load();
        JniUtils.setNumThreads(threads);
    }

    public static int threads() {
        load();
        return JniUtils.getNumThreads();
    }

    /** Seeds torch's generators, for sampling and random initialisation. */
    public static void seed(long seed) {
        load();
        JniUtils.setSeed(seed);
    }

    /** Whether two handles are of one tensor: Python's {@code a is b}. */
    public static boolean isSame(Tensor a, Tensor b) {
        return a == b || Boolean.TRUE.equals(BasicKernels.IS.call(a, b));
    }

    /** Tensor handles held by Java right now, over all threads: what leak tests watch. */
    public static long liveTensors() {
        return LIVE.sum();
    }
}
