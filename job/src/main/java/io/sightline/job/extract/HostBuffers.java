package io.sightline.job.extract;

import java.util.ArrayDeque;

/** Arrays that captured numbers are copied into, used again and again; batches get shorter, so the first ones are large enough. */
public final class HostBuffers {
    private static final int KEPT = 64;

    private final ArrayDeque<float[]> floats = new ArrayDeque<>();
    private final ArrayDeque<short[]> halves = new ArrayDeque<>();

    /** An array of at least {@code length} numbers. */
    public synchronized float[] takeFloats(int length) {
        float[] free = floats.poll();
        return free != null && free.length >= length ? free : new float[length];
    }

    /** An array of at least {@code length} half-precision numbers. */
    public synchronized short[] takeHalves(int length) {
        short[] free = halves.poll();
        return free != null && free.length >= length ? free : new short[length];
    }

    public synchronized void giveBack(float[] array) {
        if (floats.size() < KEPT) {
            floats.push(array);
        }
    }

    public synchronized void giveBack(short[] array) {
        if (halves.size() < KEPT) {
            halves.push(array);
        }
    }
}
