package io.sightline.job.probe.fit;

/** Dot products and the like on {@code double[]}. */
final class VectorMath {
    private VectorMath() {}

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    static double norm(double[] a) {
        return Math.sqrt(dot(a, a));
    }

    /** {@code a + factor · b}, a new array. */
    static double[] plus(double[] a, double factor, double[] b) {
        double[] sum = a.clone();
        addTo(sum, factor, b);
        return sum;
    }

    /** {@code target += factor · b}. */
    static void addTo(double[] target, double factor, double[] b) {
        for (int i = 0; i < target.length; i++) {
            target[i] += factor * b[i];
        }
    }

    static void scale(double[] target, double factor) {
        for (int i = 0; i < target.length; i++) {
            target[i] *= factor;
        }
    }
}
