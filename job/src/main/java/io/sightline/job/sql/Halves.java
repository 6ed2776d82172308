package io.sightline.job.sql;

/** IEEE 754 binary16 values packed little-endian into bytes, as the {@code vector_f16} column holds them. */
final class Halves {
    private static final float REBIAS = 0x1p112f; // exponent bias 127 - 15
    private static final int EXPONENT_OF_INFINITY = 0x7c00;

    private Halves() {}

    /** The float64 value of each half; {@code packed} must have an even number of bytes. */
    static double[] decode(byte[] packed) {
        double[] values = new double[packed.length / 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = value((packed[2 * i] & 0xff) | (packed[2 * i + 1] & 0xff) << 8);
        }
        return values;
    }

    /** Moves exponent and mantissa into a float's place; the multiplication rebiases the exponent, subnormals included. */
    private static float value(int half) {
        int magnitude = (half & 0x7fff) << 13;
        int sign = (half & 0x8000) << 16;
        if ((half & EXPONENT_OF_INFINITY) == EXPONENT_OF_INFINITY) {
            return Float.intBitsToFloat(sign | 0x7f800000 | magnitude);
        }
        float value = Float.intBitsToFloat(magnitude) * REBIAS;
        return sign == 0 ? value : -value;
    }
}
