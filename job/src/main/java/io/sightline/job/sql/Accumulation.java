package io.sightline.job.sql;

import java.util.Arrays;

/**
 * Running sums over equally long vectors, in float64. A state is one {@code double[]}: the number of vectors, their width, then what the kind
 * keeps; {@link #NOTHING} before the first. A plain array, because Spark deserializes the states of catalog functions with a class loader
 * that does not see {@code --jars}.
 */
enum Accumulation {
    /** Keeps Σx. */
    SUM {
        @Override
        int cells(int width) {
            return width;
        }

        @Override
        void include(double[] state, double[] vector) {
            for (int i = 0; i < vector.length; i++) {
                state[HEADER + i] += vector[i];
            }
        }

        @Override
        void combine(double[] state, double[] other) {
            for (int i = HEADER; i < state.length; i++) {
                state[i] += other[i];
            }
        }
    },
    /** Keeps the means and Σ(x − mean)², by Welford's update and Chan's merge: no cancellation far from zero. */
    VARIANCE {
        @Override
        int cells(int width) {
            return 2 * width;
        }

        @Override
        void include(double[] state, double[] vector) {
            double share = 1 / state[COUNT];
            int squares = HEADER + vector.length;
            for (int i = 0; i < vector.length; i++) {
                double delta = vector[i] - state[HEADER + i];
                state[HEADER + i] += delta * share;
                state[squares + i] += delta * (vector[i] - state[HEADER + i]);
            }
        }

        @Override
        void combine(double[] state, double[] other) {
            double share = other[COUNT] / (state[COUNT] + other[COUNT]);
            int width = width(state);
            int squares = HEADER + width;
            for (int i = 0; i < width; i++) {
                double delta = other[HEADER + i] - state[HEADER + i];
                state[HEADER + i] += delta * share;
                state[squares + i] += other[squares + i] + delta * delta * state[COUNT] * share;
            }
        }
    },
    /** Keeps the means and the upper triangle of Σ(x − mean)(x − mean)ᵀ, row after row; updates as for the variance. */
    COVARIANCE {
        @Override
        int cells(int width) {
            if (width > WIDEST_COVARIANCE) {
                throw new IllegalArgumentException(
                        "vector_covariance: vectors of %d elements would need a matrix of %d numbers; at most %d elements are taken. "
                                        .formatted(width, (long) width * width, WIDEST_COVARIANCE)
                                + "vector_covariance_diagonal gives its diagonal, the variance of each element");
            }
            return width + width * (width + 1) / 2;
        }

        @Override
        void include(double[] state, double[] vector) {
            double[] delta = new double[vector.length];
            for (int i = 0; i < delta.length; i++) {
                delta[i] = vector[i] - state[HEADER + i];
                state[HEADER + i] += delta[i] / state[COUNT];
            }
            addOuterProduct(state, delta, (state[COUNT] - 1) / state[COUNT]);
        }

        @Override
        void combine(double[] state, double[] other) {
            double share = other[COUNT] / (state[COUNT] + other[COUNT]);
            double[] delta = new double[width(state)];
            for (int i = 0; i < delta.length; i++) {
                delta[i] = other[HEADER + i] - state[HEADER + i];
                state[HEADER + i] += delta[i] * share;
            }
            for (int i = HEADER + delta.length; i < state.length; i++) {
                state[i] += other[i];
            }
            addOuterProduct(state, delta, state[COUNT] * share);
        }
    };

    static final double[] NOTHING = {};
    static final int COUNT = 0;
    static final int WIDTH = 1;
    static final int HEADER = 2;
    static final int WIDEST_COVARIANCE = 4096;

    /** How many numbers to keep beside the header. */
    abstract int cells(int width);

    /** Adds a vector; the count includes it already. */
    abstract void include(double[] state, double[] vector);

    /** Adds another state; the count does not include it yet. */
    abstract void combine(double[] state, double[] other);

    /**
     * The state with one more vector, in place where there is one.
     *
     * @throws IllegalArgumentException when the vector is longer or shorter than those before, naming {@code function} and both lengths
     */
    double[] add(String function, double[] state, double[] vector) {
        double[] sum = state.length == 0 ? start(vector.length) : state;
        requireSameWidth(function, width(sum), vector.length);
        sum[COUNT]++;
        include(sum, vector);
        return sum;
    }

    /** Both together, in place of the first; refuses unequal widths as {@link #add} does. */
    double[] merge(String function, double[] state, double[] other) {
        if (state.length == 0) {
            return other;
        }
        if (other.length == 0) {
            return state;
        }
        requireSameWidth(function, width(state), width(other));
        combine(state, other);
        state[COUNT] += other[COUNT];
        return state;
    }

    static int width(double[] state) {
        return (int) state[WIDTH];
    }

    /** Where row {@code i} of the packed upper triangle begins, its first element being the diagonal's. */
    static int triangleRow(int width, int i) {
        return HEADER + width + i * width - i * (i - 1) / 2;
    }

    private double[] start(int width) {
        double[] state = Arrays.copyOf(NOTHING, HEADER + cells(width));
        state[WIDTH] = width;
        return state;
    }

    private static void addOuterProduct(double[] state, double[] delta, double factor) {
        for (int i = 0; i < delta.length; i++) {
            double left = delta[i] * factor;
            int cell = triangleRow(delta.length, i) - i;
            for (int j = i; j < delta.length; j++) {
                state[cell + j] += left * delta[j];
            }
        }
    }

    private static void requireSameWidth(String function, int before, int now) {
        if (before != now) {
            throw new IllegalArgumentException(
                    "%s: vectors of %d and of %d elements in one group, but all must be equally long"
                            .formatted(function, before, now));
        }
    }
}
