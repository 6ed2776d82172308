package io.sightline.job.probe.fit;

import java.util.Arrays;
import java.util.Random;

/** Rows with correlated, unequally scaled features, one prompt a row, and classes or numbers that depend on them. */
final class SyntheticRows {
    final int rows;
    final int width;
    final float[] values;
    private final double[][] directions;
    private final Random random;

    SyntheticRows(int rows, int width, long seed) {
        this.rows = rows;
        this.width = width;
        random = new Random(seed);
        double[][] mixing = new double[width][width];
        for (double[] row : mixing) {
            Arrays.setAll(row, i -> random.nextGaussian() / Math.sqrt(width));
        }
        values = new float[rows * width];
        double[] sources = new double[width];
        for (int r = 0; r < rows; r++) {
            Arrays.setAll(sources, i -> random.nextGaussian() * (1 + i % 7));
            for (int i = 0; i < width; i++) {
                values[r * width + i] = (float) (3 + VectorMath.dot(mixing[i], sources));
            }
        }
        directions = new double[8][width];
        for (double[] direction : directions) {
            Arrays.setAll(direction, i -> random.nextGaussian() / width);
        }
    }

    RowBlock block() {
        int[] prompts = new int[rows];
        Arrays.setAll(prompts, i -> i);
        return new RowBlock(width, prompts, values);
    }

    /** Classes drawn so that no linear function tells them apart without error. */
    int[] classes(int count) {
        int[] classes = new int[rows];
        Arrays.setAll(classes, row -> {
            int best = 0;
            double most = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < count; c++) {
                double score = score(row, c) + 0.5 * random.nextGaussian();
                if (score > most) {
                    most = score;
                    best = c;
                }
            }
            return best;
        });
        return classes;
    }

    double[] numbers() {
        double[] numbers = new double[rows];
        Arrays.setAll(numbers, row -> 5 + score(row, 0) + 0.1 * random.nextGaussian());
        return numbers;
    }

    private double score(int row, int direction) {
        double score = 0;
        for (int i = 0; i < width; i++) {
            score += directions[direction][i] * values[row * width + i];
        }
        return score;
    }

    /** Trains on all but every fifth row, which is tested on. */
    byte[] parts() {
        byte[] parts = new byte[rows];
        for (int i = 0; i < rows; i++) {
            parts[i] = (i % 5 == 4 ? Part.TEST : Part.TRAIN).code();
        }
        return parts;
    }
}
