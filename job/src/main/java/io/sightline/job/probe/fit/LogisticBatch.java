package io.sightline.job.probe.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Logistic regressions of several trainings over the same rows, with as many outputs: all their variants and strengths are fitted side by side, every pass over
 * the rows serving all that have not converged yet.
 */
final class LogisticBatch {
    /** What the searches of one batch may keep of earlier steps, over all their problems. */
    private static final long HISTORY_BYTES = 1L << 30;

    private static final int VECTORS_A_PROBLEM = 26;

    private final List<Training> trainings;
    private final FitRows rows;
    private final Design design;
    private final int[] firstColumns;

    LogisticBatch(List<Training> trainings) {
        this.trainings = trainings;
        rows = trainings.get(0).rows();
        firstColumns = new int[trainings.size()];
        design = together();
    }

    /** A design that trains on every row that one of the trainings uses, and has all their targets as variants. */
    private Design together() {
        byte[] parts = new byte[trainings.get(0).design().parts().length];
        List<int[]> variants = new ArrayList<>();
        for (int t = 0; t < firstColumns.length; t++) {
            firstColumns[t] = variants.size();
            Design own = trainings.get(t).design();
            for (int[] classes : own.targets().classOfPrompt()) {
                int[] used = new int[parts.length];
                Arrays.setAll(used, prompt -> own.partOf(prompt) == Part.TRAIN ? classes[prompt] : -1);
                variants.add(used);
            }
            for (int prompt = 0; prompt < parts.length; prompt++) {
                parts[prompt] = own.partOf(prompt) == Part.TRAIN ? Part.TRAIN.code() : parts[prompt];
            }
        }
        int classes = trainings.get(0).targets().classes();
        return new Design(
                parts, Targets.ofClasses(classes, variants.toArray(int[][]::new)), Affine.identity(rows.width()));
    }

    /** Models by training, variant and strength. */
    List<List<List<LinearModel>>> fit(List<Double> cs, Solver.Stop stop) {
        List<List<List<LinearModel>>> models = new ArrayList<>();
        List<Supplier<LogisticProblem>> problems = new ArrayList<>();
        for (int t = 0; t < firstColumns.length; t++) {
            Training training = trainings.get(t);
            models.add(new ArrayList<>());
            for (int v = 0; v < training.targets().variants(); v++) {
                models.get(t).add(new ArrayList<>());
                int variant = v;
                int column = firstColumns[t] + v;
                cs.forEach(c -> problems.add(() -> new LogisticProblem(training, variant, column, c, stop)));
            }
        }
        Iterator<LinearModel> fitted = solveAll(problems).iterator();
        models.forEach(training -> training.forEach(variant -> cs.forEach(c -> variant.add(fitted.next()))));
        return models;
    }

    /** As many at once as memory allows. */
    private List<LinearModel> solveAll(List<Supplier<LogisticProblem>> problems) {
        long bytes = 8L * VECTORS_A_PROBLEM * design.targets().outputs() * (rows.width() + 1);
        int most = (int) Math.max(1, HISTORY_BYTES / bytes);
        List<LinearModel> models = new ArrayList<>();
        for (int from = 0; from < problems.size(); from += most) {
            List<LogisticProblem> now = problems.subList(from, Math.min(problems.size(), from + most)).stream()
                    .map(Supplier::get)
                    .toList();
            solve(now);
            now.forEach(problem -> models.add(problem.model()));
        }
        return models;
    }

    private void solve(List<LogisticProblem> problems) {
        LogisticObjective objective = new LogisticObjective(rows, design);
        List<LogisticProblem> open = problems;
        while (!open.isEmpty()) {
            step(objective, open);
            open = open.stream().filter(problem -> !problem.isDone()).toList();
        }
    }

    private static void step(LogisticObjective objective, List<LogisticProblem> open) {
        int[] columns = open.stream().mapToInt(LogisticProblem::column).toArray();
        double[][] weights = turned(open, k -> open.get(k).coefficients(), Curvature::toWeights);
        double[][] points = new double[open.size()][];
        Arrays.setAll(points, k -> open.get(k).inBase(weights[k]));
        List<LogisticObjective.Result> results = objective.at(columns, points);
        double[][] gradients =
                turned(open, k -> open.get(k).ownGradient(results.get(k).gradient()), Curvature::fromWeights);
        for (int k = 0; k < points.length; k++) {
            open.get(k)
                    .accept(results.get(k).loss(), gradients[k], results.get(k).gradient());
        }
    }

    /** A vector of each problem, brought into or out of its eigenvectors' coordinates; all of one curvature in one product. */
    private static double[][] turned(
            List<LogisticProblem> problems,
            IntFunction<double[]> vector,
            BiFunction<Curvature, double[][], double[][]> turn) {
        Map<Curvature, List<Integer>> byCurvature = IntStream.range(0, problems.size())
                .boxed()
                .collect(Collectors.groupingBy(
                        k -> problems.get(k).curvature(), IdentityHashMap::new, Collectors.toList()));
        double[][] results = new double[problems.size()][];
        byCurvature.forEach((curvature, members) -> {
            double[][] given = members.stream().map(vector::apply).toArray(double[][]::new);
            double[][] turned = turn.apply(curvature, given);
            for (int i = 0; i < turned.length; i++) {
                results[members.get(i)] = turned[i];
            }
        });
        return results;
    }
}
