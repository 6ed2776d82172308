package io.sightline.job.probe;

import io.sightline.job.probe.fit.FitException;

/** Decodes little-endian IEEE 754 binary16 numbers, the table's {@code vector_f16} (Java has this from 20 on). */
final class Float16 {
    private static final float[] VALUES = new float[1 << 16];

    static {
        for (int bits = 0; bits < VALUES.length; bits++) {
            VALUES[bits] = value(bits);
        }
    }

    private Float16() {}

    static float[] decode(byte[] bytes) {
        if (bytes.length % 2 != 0) {
            throw new FitException("a stored vector_f16 has " + bytes.length + " bytes, float16 takes two a number");
        }
        float[] values = new float[bytes.length / 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = VALUES[(bytes[2 * i] & 0xff) | (bytes[2 * i + 1] & 0xff) << 8];
        }
        return values;
    }

    private static float value(int bits) {
        int exponent = (bits >> 10) & 0x1f;
        int fraction = bits & 0x3ff;
        float magnitude;
        if (exponent == 0x1f) {
            magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else if (exponent == 0) {
            magnitude = fraction * 0x1p-24f;
        } else {
            magnitude = Math.scalb(1 + fraction * 0x1p-10f, exponent - 15);
        }
        return (bits & 0x8000) == 0 ? magnitude : -magnitude;
    }
}
