package io.sightline.job.probe.fit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.UnaryOperator;

/**
 * Minimises one smooth, strictly convex function by limited-memory BFGS, float64 (Nocedal and Wright, Numerical Optimization, algorithms
 * 7.4 and 3.1). It never calls the function: it names the point to evaluate ({@link #trial}) and is given the value there ({@link #accept}), so that many
 * problems over the same rows are evaluated together, wherever the rows are.
 *
 * <p>It has converged when the next step it would take is shorter than {@code tolerance} times the point's own length. An approximate inverse
 * Hessian given as {@code preconditioner} stands for the first curvature, which makes a step of length 1 the natural one.
 */
final class Lbfgs {
    private static final int HISTORY = 10;
    private static final int MOST_HALVINGS = 30;
    private static final double ARMIJO = 1e-4;
    private static final int MOST_LEVEL_STEPS = 5;

    private record Pair(double[] step, double[] change, double curvature) {}

    private final UnaryOperator<double[]> preconditioner;
    private final Solver.Stop stop;
    private final double rounding;
    private final Deque<Pair> history = new ArrayDeque<>();

    private double[] point;
    private double[] trial;
    private double value = Double.NaN;
    private double[] gradient = new double[0];
    private double[] direction = new double[0];
    private double slope;
    private double length = 1;
    private int halvings;
    private int levelSteps;
    private int iterations;
    private boolean done;
    private boolean converged;

    /**
     * @param rounding the relative error of the function's values: changes below it say nothing
     */
    Lbfgs(double[] start, UnaryOperator<double[]> preconditioner, Solver.Stop stop, double rounding) {
        this.point = start;
        this.trial = start;
        this.preconditioner = preconditioner;
        this.stop = stop;
        this.rounding = rounding;
    }

    /** The point to evaluate next. */
    double[] trial() {
        return trial;
    }

    /** The function's value and gradient at {@link #trial}. */
    void accept(double trialValue, double[] trialGradient) {
        if (Double.isNaN(value)) {
            moveTo(trialValue, trialGradient);
        } else if (trialValue <= value + ARMIJO * length * slope + rounding * Math.abs(value)) {
            remember(trialGradient);
            iterations++;
            levelSteps = value - trialValue < rounding * Math.abs(value) ? levelSteps + 1 : 0;
            moveTo(trialValue, trialGradient);
        } else {
            shorten(trialValue);
        }
    }

    private void remember(double[] trialGradient) {
        double[] step = VectorMath.plus(trial, -1, point);
        double[] change = VectorMath.plus(trialGradient, -1, gradient);
        double curvature = VectorMath.dot(step, change);
        if (curvature > 1e-12 * VectorMath.norm(step) * VectorMath.norm(change)) {
            history.addLast(new Pair(step, change, curvature));
            if (history.size() > HISTORY) {
                history.removeFirst();
            }
        }
    }

    private void moveTo(double trialValue, double[] trialGradient) {
        point = trial;
        value = trialValue;
        gradient = trialGradient;
        aim();
        converged = stepIsBelow(stop.tolerance());
        done = converged || iterations >= stop.mostIterations();
        if (!done && levelSteps >= MOST_LEVEL_STEPS) {
            stopAtRounding();
        }
        length = 1;
        halvings = 0;
        trial = VectorMath.plus(point, length, direction);
    }

    private boolean stepIsBelow(double share) {
        return VectorMath.norm(direction) <= share * Math.max(VectorMath.norm(point), 1e-8);
    }

    /** What is left of the gradient is rounding. */
    private void stopAtRounding() {
        converged = stepIsBelow(100 * stop.tolerance());
        done = true;
    }

    private void aim() {
        direction = newtonStep();
        slope = VectorMath.dot(direction, gradient);
        if (!(slope < 0)) {
            history.clear();
            direction = newtonStep();
            slope = VectorMath.dot(direction, gradient);
        }
    }

    /** The two-loop recursion: minus the inverse Hessian's estimate times the gradient. */
    private double[] newtonStep() {
        double[] q = gradient.clone();
        double[] weights = new double[history.size()];
        int i = history.size();
        for (Iterator<Pair> newest = history.descendingIterator(); newest.hasNext(); ) {
            Pair pair = newest.next();
            weights[--i] = VectorMath.dot(pair.step, q) / pair.curvature;
            VectorMath.addTo(q, -weights[i], pair.change);
        }
        double[] step = preconditioner.apply(q);
        if (!history.isEmpty()) {
            Pair last = history.getLast();
            VectorMath.scale(step, last.curvature / VectorMath.dot(last.change, preconditioner.apply(last.change)));
        }
        for (Pair pair : history) {
            double weight = VectorMath.dot(pair.change, step) / pair.curvature;
            VectorMath.addTo(step, weights[i++] - weight, pair.step);
        }
        VectorMath.scale(step, -1);
        return step;
    }

    private void shorten(double trialValue) {
        if (++halvings > MOST_HALVINGS) {
            stopAtRounding();
            return;
        }
        double quadratic = -slope * length * length / (2 * (trialValue - value - slope * length));
        length = quadratic > 0.1 * length && quadratic < 0.5 * length ? quadratic : 0.5 * length;
        trial = VectorMath.plus(point, length, direction);
    }

    boolean isDone() {
        return done;
    }

    boolean isConverged() {
        return converged;
    }

    int iterations() {
        return iterations;
    }

    /** The best point so far. */
    double[] point() {
        return point;
    }
}
