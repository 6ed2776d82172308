package io.sightline.job.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Pairs of equally long float vectors, random and nasty. */
final class Adversaries {
    private Adversaries() {}

    static List<float[][]> pairs() {
        Random random = new Random(7);
        List<float[][]> pairs = new ArrayList<>();
        for (int width : new int[] {0, 1, 2, 3, 5, 63, 64, 65, 768, 16_384}) {
            pairs.add(new float[][] {gaussian(random, width, 1), gaussian(random, width, 30)});
        }
        pairs.add(new float[][] {{0, 0, 0}, {1, 2, 3}});
        pairs.add(new float[][] {{1, Float.NaN, 3}, {4, 5, 6}});
        pairs.add(new float[][] {{1, Float.POSITIVE_INFINITY, 3}, {4, 5, 6}});
        pairs.add(new float[][] {{Float.NEGATIVE_INFINITY, 1}, {Float.POSITIVE_INFINITY, 1}});
        pairs.add(new float[][] {{Float.POSITIVE_INFINITY}, {0}});
        pairs.add(new float[][] {{Float.MAX_VALUE, -Float.MAX_VALUE, 1}, {Float.MAX_VALUE, Float.MAX_VALUE, 1}});
        pairs.add(new float[][] {{Float.MIN_VALUE, 1e-30f}, {Float.MIN_VALUE, 1e-30f}});
        pairs.add(new float[][] {{1e8f, 1, -1e8f}, {1, 1, 1}});
        pairs.add(new float[][] {{-0f, 0f, 5, 5}, {0f, -0f, -5, 5}});
        return pairs;
    }

    static float[] gaussian(Random random, int width, double scale) {
        float[] vector = new float[width];
        for (int i = 0; i < width; i++) {
            vector[i] = (float) (random.nextGaussian() * scale);
        }
        return vector;
    }

    /** Little-endian float16, rounded to nearest even; independent of the decoder, which it is tested against. */
    static byte[] halves(float[] vector) {
        byte[] packed = new byte[vector.length * 2];
        for (int i = 0; i < vector.length; i++) {
            int half = half(vector[i]);
            packed[2 * i] = (byte) half;
            packed[2 * i + 1] = (byte) (half >> 8);
        }
        return packed;
    }

    private static int half(float value) {
        int sign = value < 0 || 1 / value < 0 ? 0x8000 : 0;
        double magnitude = Math.abs((double) value);
        if (Double.isNaN(magnitude)) {
            return 0x7e00;
        }
        int exponent = Math.max(magnitude == 0 ? -14 : Math.getExponent(magnitude), -14);
        long steps = magnitude > 65_520 ? 0x7c00 : Math.round(Math.rint(Math.scalb(magnitude, 10 - exponent)));
        long half = magnitude >= 65_520 ? 0x7c00 : ((long) (exponent + 14) << 10) + steps;
        return sign | (int) half;
    }
}
