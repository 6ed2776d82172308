package io.sightline.job.probe.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Logistic regression: all variants and strengths at once, every pass over the rows serving all that have not converged yet. */
final class LogisticSolver implements Solver {
    /** What the solvers of one batch may keep of earlier steps, over all its problems. */
    private static final long HISTORY_BYTES = 1L << 30;

    private static final int VECTORS_A_PROBLEM = 26;

    private final List<Double> cs;
    private final Stop stop;

    LogisticSolver(List<Double> cs, Stop stop) {
        this.cs = cs;
        this.stop = stop;
    }

    private record Job(LogisticObjective.Problem problem, Lbfgs search) {}

    @Override
    public List<List<LinearModel>> fit(Training training) {
        LogisticObjective objective = new LogisticObjective(training.rows(), training.design(), training.count());
        List<List<LinearModel>> models = new ArrayList<>();
        int batch = (int) Math.max(1, HISTORY_BYTES / (8L * VECTORS_A_PROBLEM * objective.parameters()));
        int problems = training.targets().variants() * cs.size();
        IntStream.range(0, training.targets().variants()).forEach(v -> models.add(new ArrayList<>()));
        for (int from = 0; from < problems; from += batch) {
            List<Job> jobs = IntStream.range(from, Math.min(problems, from + batch))
                    .mapToObj(k -> job(k / cs.size(), cs.get(k % cs.size()), training))
                    .toList();
            solve(objective, jobs);
            for (int i = 0; i < jobs.size(); i++) {
                int k = from + i;
                models.get(k / cs.size()).add(model(jobs.get(i).search(), cs.get(k % cs.size()), training));
            }
        }
        return models;
    }

    private Job job(int variant, double c, Training training) {
        double penalty = 1 / (c * training.count());
        ClassSums sums = training.classSums(variant);
        double[] start = start(sums, training);
        double[] spread = spread(sums, training.targets().outputs());
        Curvature curvature = training.curvature();
        Lbfgs search = new Lbfgs(
                start,
                gradient -> curvature.inverseTimes(gradient, spread, penalty),
                stop,
                LogisticObjective.rounding(training.rows().device()));
        return new Job(new LogisticObjective.Problem(variant, penalty), search);
    }

    /** No weights, and biases that give each class its frequency. */
    private static double[] start(ClassSums sums, Training training) {
        int outputs = training.targets().outputs();
        int weights = outputs * training.rows().width();
        double[] start = new double[weights + outputs];
        if (outputs == 1) {
            start[weights] = Math.log((double) sums.counts()[1] / sums.counts()[0]);
        } else {
            for (int c = 0; c < outputs; c++) {
                start[weights + c] = Math.log((double) sums.counts()[c] / sums.total());
            }
        }
        return start;
    }

    private static double[] spread(ClassSums sums, int outputs) {
        double[] spread = new double[outputs];
        for (int o = 0; o < outputs; o++) {
            double p = (double) sums.counts()[outputs == 1 ? 1 : o] / sums.total();
            spread[o] = p * (1 - p);
        }
        return spread;
    }

    private static void solve(LogisticObjective objective, List<Job> jobs) {
        List<Job> open = jobs;
        while (!open.isEmpty()) {
            List<LogisticObjective.Result> results = objective.at(
                    open.stream().map(Job::problem).toList(),
                    open.stream().map(job -> job.search().trial()).toList());
            for (int i = 0; i < results.size(); i++) {
                open.get(i).search().tell(results.get(i).value(), results.get(i).gradient());
            }
            open = open.stream().filter(job -> !job.search().isDone()).toList();
        }
    }

    private static LinearModel model(Lbfgs search, double c, Training training) {
        int outputs = training.targets().outputs();
        int width = training.rows().width();
        double[] point = search.point();
        double[][] weights = new double[outputs][width];
        double[] biases = new double[outputs];
        for (int o = 0; o < outputs; o++) {
            System.arraycopy(point, o * width, weights[o], 0, width);
            biases[o] = point[outputs * width + o];
        }
        return new LinearModel(weights, biases, c, search.iterations(), search.isConverged());
    }
}
