package io.sightline.job.probe.measure;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Predicted classes beside true ones. */
public final class Classification implements Measured {
    private final int classes;
    private final int[] truth;
    private final int[] predicted;
    private final double[] losses;
    private final RankCurve[] curves;

    /**
     * @param classes how many, at least 2
     * @param truth the true class of each row, {@code [rows]}
     * @param scores {@code [rows, outputs]}: one output for two classes, above 0 for the second one; else one a class, the highest wins
     * @param probabilistic whether sigmoid or softmax of the scores are probabilities; if not there is no log loss
     */
    public Classification(int classes, int[] truth, double[] scores, boolean probabilistic) {
        this.classes = classes;
        this.truth = truth;
        int outputs = classes == 2 ? 1 : classes;
        this.predicted = new int[truth.length];
        Arrays.setAll(predicted, row -> winner(scores, row, outputs));
        this.losses = new double[truth.length];
        Arrays.setAll(losses, row -> probabilistic ? loss(scores, row, outputs) : Double.NaN);
        this.curves = curves(probabilistic && outputs > 1 ? probabilities(scores, outputs) : scores, outputs);
    }

    private static int winner(double[] scores, int row, int outputs) {
        if (outputs == 1) {
            return scores[row] > 0 ? 1 : 0;
        }
        int best = 0;
        for (int c = 1; c < outputs; c++) {
            if (scores[row * outputs + c] > scores[row * outputs + best]) {
                best = c;
            }
        }
        return best;
    }

    private double loss(double[] scores, int row, int outputs) {
        if (outputs == 1) {
            double margin = truth[row] == 1 ? scores[row] : -scores[row];
            return margin > 0 ? Math.log1p(Math.exp(-margin)) : -margin + Math.log1p(Math.exp(margin));
        }
        return logSum(scores, row * outputs, outputs) - scores[row * outputs + truth[row]];
    }

    private static double logSum(double[] scores, int from, int count) {
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + count; i++) {
            highest = Math.max(highest, scores[i]);
        }
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += Math.exp(scores[i] - highest);
        }
        return highest + Math.log(sum);
    }

    private static double[] probabilities(double[] scores, int outputs) {
        double[] probabilities = new double[scores.length];
        for (int from = 0; from < scores.length; from += outputs) {
            double logSum = logSum(scores, from, outputs);
            for (int i = from; i < from + outputs; i++) {
                probabilities[i] = Math.exp(scores[i] - logSum);
            }
        }
        return probabilities;
    }

    private RankCurve[] curves(double[] scores, int outputs) {
        RankCurve[] made = new RankCurve[outputs];
        for (int o = 0; o < outputs; o++) {
            double[] own = new double[truth.length];
            boolean[] positive = new boolean[truth.length];
            for (int row = 0; row < truth.length; row++) {
                own[row] = scores[row * outputs + o];
                positive[row] = truth[row] == (outputs == 1 ? 1 : o);
            }
            made[o] = new RankCurve(own, positive);
        }
        return made;
    }

    @Override
    public int rows() {
        return truth.length;
    }

    public int classes() {
        return classes;
    }

    /** How many prompts have rows of the class that the fewest have rows of; classes without any are not counted. */
    int promptsOfRarestClass(int[] promptOfRow) {
        Map<Integer, Set<Integer>> prompts = new HashMap<>();
        for (int row = 0; row < truth.length; row++) {
            prompts.computeIfAbsent(truth[row], c -> new HashSet<>()).add(promptOfRow[row]);
        }
        return prompts.values().stream().mapToInt(Set::size).min().orElse(0);
    }

    @Override
    public Metrics weighted(int[] weights) {
        long[] right = new long[classes];
        long[] actual = new long[classes];
        long[] claimed = new long[classes];
        double loss = 0;
        for (int row = 0; row < truth.length; row++) {
            actual[truth[row]] += weights[row];
            claimed[predicted[row]] += weights[row];
            right[truth[row]] += predicted[row] == truth[row] ? weights[row] : 0;
            loss += weights[row] == 0 ? 0 : weights[row] * losses[row];
        }
        double total = Arrays.stream(actual).sum();
        return new Metrics(
                Arrays.stream(right).sum() / total,
                meanRecall(right, actual),
                area(weights),
                f1(right, actual, claimed),
                loss / total,
                Double.NaN);
    }

    private static double meanRecall(long[] right, long[] actual) {
        double sum = 0;
        int present = 0;
        for (int c = 0; c < right.length; c++) {
            if (actual[c] > 0) {
                sum += (double) right[c] / actual[c];
                present++;
            }
        }
        return sum / present;
    }

    private static double f1(long[] right, long[] actual, long[] claimed) {
        double sum = 0;
        int counted = 0;
        for (int c = right.length == 2 ? 1 : 0; c < right.length; c++) {
            if (actual[c] + claimed[c] > 0) {
                sum += 2.0 * right[c] / (actual[c] + claimed[c]);
                counted++;
            }
        }
        return counted == 0 ? 0 : sum / counted;
    }

    private double area(int[] weights) {
        double sum = 0;
        int counted = 0;
        for (RankCurve curve : curves) {
            double area = curve.area(weights);
            if (!Double.isNaN(area)) {
                sum += area;
                counted++;
            }
        }
        return counted == 0 ? Double.NaN : sum / counted;
    }
}
