package io.sightline.job.probe;

import io.sightline.job.probe.fit.Design;
import io.sightline.job.probe.fit.FitRows;
import io.sightline.job.probe.fit.HeldOut;
import io.sightline.job.probe.fit.Kind;
import io.sightline.job.probe.fit.LinearModel;
import io.sightline.job.probe.fit.Part;
import io.sightline.job.probe.fit.Targets;
import io.sightline.job.probe.measure.Classification;
import io.sightline.job.probe.measure.Measured;
import io.sightline.job.probe.measure.Metrics;
import io.sightline.job.probe.measure.Regression;
import java.util.Arrays;
import java.util.List;

/** A model's scores on one part of the prompts, beside one variant of the targets. */
record Scored(Measured measured, int[] prompts) {
    static Scored of(FitRows rows, Design design, LinearModel model, Kind kind, Part part, int variant) {
        return of(rows, design, List.of(model), kind, part, variant).get(0);
    }

    /** Of several models, in one pass over the rows. */
    static List<Scored> of(FitRows rows, Design design, List<LinearModel> models, Kind kind, Part part, int variant) {
        return HeldOut.of(rows, design, models, part).stream()
                .map(held -> of(held, design.targets(), kind, variant))
                .toList();
    }

    private static Scored of(HeldOut held, Targets targets, Kind kind, int variant) {
        if (targets.isRegression()) {
            double[] truth = Arrays.stream(held.prompts())
                    .mapToDouble(p -> targets.valueOfPrompt()[variant][p])
                    .toArray();
            return new Scored(new Regression(truth, held.scores()), held.prompts());
        }
        int[] truth = truth(held.prompts(), targets, variant);
        boolean probabilistic = kind.isProbabilistic();
        return new Scored(new Classification(targets.classes(), truth, held.scores(), probabilistic), held.prompts());
    }

    private static int[] truth(int[] prompts, Targets targets, int variant) {
        return Arrays.stream(prompts)
                .map(p -> targets.classOfPrompt()[variant][p])
                .toArray();
    }

    /** The metrics of always giving the same answer: the class {@code FitSet.majority}, or the training mean. */
    double majorityScore(FitSet set) {
        if (measured instanceof Regression regression) {
            double[] mean = new double[regression.rows()];
            Arrays.fill(mean, set.trainingMean());
            return new Regression(regression.truth(), mean).metrics().r2();
        }
        int most = set.majority();
        int[] truth = truth(prompts, set.targets(), FitSet.REAL);
        return truth.length == 0
                ? Double.NaN
                : (double) Arrays.stream(truth).filter(c -> c == most).count() / truth.length;
    }

    /** What regularisation is chosen by, the higher the better: R², else minus the log loss where there is one, else balanced accuracy. */
    double selectionScore() {
        Metrics metrics = measured.metrics();
        if (measured instanceof Regression) {
            return metrics.r2();
        }
        return Double.isNaN(metrics.logLoss()) ? metrics.balancedAccuracy() : -metrics.logLoss();
    }
}
