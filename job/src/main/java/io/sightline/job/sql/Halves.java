package io.sightline.job.sql;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** IEEE 754 binary16 values packed little-endian into bytes, as the {@code vector_f16} column holds them. */
final class Halves {
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final float REBIAS = 0x1p112f; // exponent bias 127 - 15
    private static final int EXPONENT_OF_INFINITY = 0x7c00;

    private Halves() {}

    /** The float64 value of each half; {@code packed} must have an even number of bytes. */
    static double[] decode(byte[] packed) {
        double[] values = new double[packed.length / 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = value((short) SHORTS.get(packed, 2 * i));
        }
        return values;
    }

    /**
     * Moves exponent and mantissa into a float's place; the multiplication rebiases the exponent, subnormals included. The sign is put in
     * by its bit: a branch on it would be guessed wrong every other time.
     */
    private static float value(int half) {
        int magnitude = (half & 0x7fff) << 13;
        int bits = Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) * REBIAS) | (half & 0x8000) << 16;
        if ((half & EXPONENT_OF_INFINITY) == EXPONENT_OF_INFINITY) {
            bits |= 0x7f800000;
        }
        return Float.intBitsToFloat(bits);
    }
}
