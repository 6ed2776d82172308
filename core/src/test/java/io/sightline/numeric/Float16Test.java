package io.sightline.numeric;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Float16Test {
    @Test
    void everyNumberDecodesToItsExactValue() {
        byte[] all = new byte[2 * 65_536];
        for (int half = 0; half < 65_536; half++) {
            all[2 * half] = (byte) half;
            all[2 * half + 1] = (byte) (half >> 8);
        }
        double[] decoded = Float16.toDoubles(all);
        float[] floats = Float16.toFloats(all);
        for (int half = 0; half < 65_536; half++) {
            double magnitude = magnitude(half >> 10 & 31, half & 1023);
            assertThat(decoded[half])
                    .as("half %04x", half)
                    .isEqualTo(Double.valueOf(half < 0x8000 ? magnitude : -magnitude));
            assertThat(floats[half]).isEqualTo(Float.valueOf((float) decoded[half]));
        }
    }

    /** IEEE 754, section 3.4: (-1)^s 2^(e-15) (1 + m/1024); subnormal 2^-14 m/1024. */
    private static double magnitude(int exponent, int mantissa) {
        if (exponent == 31) {
            return mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        }
        return exponent == 0 ? Math.scalb((double) mantissa, -24) : Math.scalb(1024.0 + mantissa, exponent - 25);
    }
}
