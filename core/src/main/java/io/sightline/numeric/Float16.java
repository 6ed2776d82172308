package io.sightline.numeric;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Decodes IEEE 754 binary16 numbers that are packed little-endian into bytes; {@code Float.float16ToFloat} came with Java 20. */
public final class Float16 {
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final float REBIAS = 0x1p112f; // exponent bias 127 - 15
    private static final int EXPONENT_OF_INFINITY = 0x7c00;

    private Float16() {}

    /** The numbers as float64. {@code packed} must have an even number of bytes. */
    public static double[] toDoubles(byte[] packed) {
        double[] values = new double[packed.length / 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = value((short) SHORTS.get(packed, 2 * i));
        }
        return values;
    }

    /** The numbers as float32. {@code packed} must have an even number of bytes. */
    public static float[] toFloats(byte[] packed) {
        float[] values = new float[packed.length / 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = value((short) SHORTS.get(packed, 2 * i));
        }
        return values;
    }

    /**
     * Moves exponent and mantissa into a float's place; the multiplication rebiases the exponent, subnormals included. The sign is put in
     * by its bit: a branch on it would be guessed wrong every other time.
     */
    private static float value(int bits16) {
        int magnitude = (bits16 & 0x7fff) << 13;
        int bits = Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) * REBIAS) | (bits16 & 0x8000) << 16;
        if ((bits16 & EXPONENT_OF_INFINITY) == EXPONENT_OF_INFINITY) {
            bits |= 0x7f800000;
        }
        return Float.intBitsToFloat(bits);
    }
}
