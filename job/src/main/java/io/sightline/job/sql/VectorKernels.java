package io.sightline.job.sql;

import java.util.Arrays;

/**
 * The arithmetic of the scalar functions: float64 in, float64 sums, NaN and infinities as IEEE 754 has them. Public for the code that Spark
 * generates. Two vectors of unequal length are an {@link IllegalArgumentException} that names the function and both lengths.
 */
public final class VectorKernels {
    private VectorKernels() {}

    /** Σ aᵢ bᵢ; 0 for empty vectors. */
    public static double dot(double[] a, double[] b) {
        requireSameLength("dot", a, b);
        return product(a, b);
    }

    /** a·b / (‖a‖ ‖b‖), within [-1, 1]; NaN when either norm is 0. */
    public static double cosineSimilarity(double[] a, double[] b) {
        requireSameLength("cosine_similarity", a, b);
        double cosine = product(a, b) / (Math.sqrt(product(a, a)) * Math.sqrt(product(b, b)));
        return Math.max(-1, Math.min(1, cosine));
    }

    /** √Σ aᵢ². */
    public static double l2Norm(double[] a) {
        return Math.sqrt(product(a, a));
    }

    /** ‖a − b‖. */
    public static double l2Distance(double[] a, double[] b) {
        requireSameLength("l2_distance", a, b);
        return l2Norm(difference(a, b));
    }

    public static double[] add(double[] a, double[] b) {
        requireSameLength("vector_add", a, b);
        double[] sum = new double[a.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = a[i] + b[i];
        }
        return sum;
    }

    public static double[] subtract(double[] a, double[] b) {
        requireSameLength("vector_sub", a, b);
        return difference(a, b);
    }

    public static double[] scale(double[] a, double factor) {
        double[] scaled = new double[a.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = a[i] * factor;
        }
        return scaled;
    }

    /** {@code length} elements from {@code start}, which counts from 0, or from the end when negative. */
    public static double[] slice(double[] a, int start, int length) {
        long first = start < 0 ? (long) a.length + start : start;
        if (length < 0 || first < 0 || first + length > a.length) {
            throw new IllegalArgumentException(
                    "vector_slice: start %d and length %d do not lie within a vector of %d elements"
                            .formatted(start, length, a.length));
        }
        return Arrays.copyOfRange(a, (int) first, (int) first + length);
    }

    /** See {@link TopIndices}. */
    public static int[] topIndices(double[] a, int k) {
        if (k < 0) {
            throw new IllegalArgumentException("top_k_indices: k is %d, but must be 0 or more".formatted(k));
        }
        return TopIndices.of(a, k);
    }

    public static double[] decoded(double[] a) {
        return a;
    }

    /** Four running sums, so that additions do not wait for one another. */
    private static double product(double[] a, double[] b) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + 3 < a.length; i += 4) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < a.length; i++) {
            s0 += a[i] * b[i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    private static double[] difference(double[] a, double[] b) {
        double[] difference = new double[a.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = a[i] - b[i];
        }
        return difference;
    }

    private static void requireSameLength(String function, double[] a, double[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException("%s: the vectors have %d and %d elements, but must be equally long"
                    .formatted(function, a.length, b.length));
        }
    }
}
