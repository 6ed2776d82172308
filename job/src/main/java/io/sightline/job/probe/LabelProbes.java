package io.sightline.job.probe;

import io.sightline.job.probe.fit.CurvatureCache;
import io.sightline.job.probe.fit.Design;
import io.sightline.job.probe.fit.FitException;
import io.sightline.job.probe.fit.Kind;
import io.sightline.job.probe.fit.LinearModel;
import io.sightline.job.probe.fit.Part;
import io.sightline.job.probe.fit.RowCounts;
import io.sightline.job.probe.fit.Rows;
import io.sightline.job.probe.fit.Solver;
import io.sightline.job.probe.fit.Training;
import io.sightline.job.probe.measure.Bootstrap;
import io.sightline.job.probe.measure.Metrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains the probes of one label on one data set. A probe that cannot be trained becomes a row that says why; the others go on. */
final class LabelProbes {
    private static final Logger LOG = LoggerFactory.getLogger(LabelProbes.class);

    private final Rows rows;
    private final RowCounts counts;
    private final Label label;
    private final PromptContents contents;
    private final TrainingPlan plan;
    private final CurvatureCache curvatures;

    LabelProbes(
            Rows rows,
            RowCounts counts,
            Label label,
            PromptContents contents,
            TrainingPlan plan,
            CurvatureCache curvatures) {
        this.rows = rows;
        this.counts = counts;
        this.label = label;
        this.contents = contents;
        this.plan = plan;
        this.curvatures = curvatures;
    }

    /** The strengths that were chosen, by variant, and the real one's validation score. */
    private record Choice(List<Double> strengths, double score) {}

    List<ProbeResult> train(List<ProbeResult.Subject> subjects) {
        if (label.refusal() != null) {
            return subjects.stream()
                    .map(s -> ProbeResult.refused(s, label.refusal()))
                    .toList();
        }
        FitSet whole;
        List<FitSet> folds;
        try {
            whole = FitSet.of(rows, counts, label, label.split().parts(), curvatures);
            folds = IntStream.range(0, plan.folds()).mapToObj(this::fold).toList();
        } catch (FitException e) {
            return subjects.stream()
                    .map(s -> ProbeResult.refused(s, String.valueOf(e.getMessage())))
                    .toList();
        }
        return subjects.stream().map(subject -> guarded(subject, whole, folds)).toList();
    }

    /** The prompts that are not tested on, one fold held out. */
    private FitSet fold(int held) {
        byte[] parts = new byte[label.split().parts().length];
        for (int prompt = 0; prompt < parts.length; prompt++) {
            int fold = label.split().folds()[prompt];
            parts[prompt] = (fold < 0 ? Part.UNUSED : fold == held ? Part.VALIDATION : Part.TRAIN).code();
        }
        return FitSet.of(rows, counts, label, parts, curvatures);
    }

    private ProbeResult guarded(ProbeResult.Subject subject, FitSet whole, List<FitSet> folds) {
        try {
            return trained(subject, whole, folds);
        } catch (FitException e) {
            return ProbeResult.refused(subject, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.warn("{} failed", subject.id(), e);
            return ProbeResult.failed(subject, e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private ProbeResult trained(ProbeResult.Subject subject, FitSet whole, List<FitSet> folds) {
        long started = System.nanoTime();
        Kind kind = subject.kind();
        if (label.isRegression() && !kind.fitsNumbers()) {
            throw new FitException("a " + kind + " probe tells classes apart, and '" + label.name()
                    + "' is a number: use ridge, or task: multiclass");
        }
        if (whole.counts().test() == 0) {
            throw new FitException("no row of a labelled prompt is left to test on");
        }
        Training training = whole.training(subject.standardize());
        List<Double> strengths = plan.strengths().of(kind);
        List<LinearModel> models = new ArrayList<>();
        double score = Double.NaN;
        if (strengths.size() > 1 && !folds.isEmpty()) {
            Choice choice = chosenByFolds(kind, strengths, folds, subject.standardize());
            List<Double> needed = choice.strengths.stream().distinct().toList();
            List<List<LinearModel>> fitted = solver(kind, needed).fit(training);
            for (int v = 0; v < fitted.size(); v++) {
                models.add(fitted.get(v).get(needed.indexOf(choice.strengths.get(v))));
            }
            score = choice.score;
        } else {
            List<List<LinearModel>> fitted = solver(kind, strengths).fit(training);
            double[][] scores = validationScores(fitted, training.design(), kind);
            for (int v = 0; v < fitted.size(); v++) {
                models.add(fitted.get(v).get(best(scores[v])));
            }
            score = strengths.size() > 1 ? scores[FitSet.REAL][best(scores[FitSet.REAL])] : Double.NaN;
        }
        return result(subject, whole, models, score, started);
    }

    private Solver solver(Kind kind, List<Double> strengths) {
        return Solver.of(kind, strengths, plan.stop());
    }

    /** Strengths come strongest first, so that of equal scores the strongest wins. */
    private static int best(double[] scores) {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            if (scores[i] > scores[best] || Double.isNaN(scores[best])) {
                best = i;
            }
        }
        return best;
    }

    /** By variant and strength; all NaN where there is nothing to choose. */
    private double[][] validationScores(List<List<LinearModel>> fitted, Design design, Kind kind) {
        double[][] scores = new double[fitted.size()][];
        for (int v = 0; v < scores.length; v++) {
            List<LinearModel> models = fitted.get(v);
            scores[v] = new double[models.size()];
            Arrays.fill(scores[v], Double.NaN);
            for (int i = 0; models.size() > 1 && i < models.size(); i++) {
                if (models.get(i).exists()) {
                    scores[v][i] = Scored.of(rows, design, models.get(i), kind, Part.VALIDATION, v)
                            .selectionScore();
                }
            }
        }
        return scores;
    }

    /** The strength with the best mean score over the folds. */
    private Choice chosenByFolds(Kind kind, List<Double> strengths, List<FitSet> folds, boolean standardize) {
        double[][] sums = new double[folds.get(0).targets().variants()][strengths.size()];
        for (FitSet fold : folds) {
            Training training = fold.training(standardize);
            double[][] scores = validationScores(solver(kind, strengths).fit(training), training.design(), kind);
            for (int v = 0; v < sums.length; v++) {
                for (int i = 0; i < strengths.size(); i++) {
                    sums[v][i] += scores[v][i] / folds.size();
                }
            }
        }
        List<Double> chosen =
                Arrays.stream(sums).map(s -> strengths.get(best(s))).toList();
        return new Choice(chosen, sums[FitSet.REAL][best(sums[FitSet.REAL])]);
    }

    private ProbeResult result(
            ProbeResult.Subject subject, FitSet set, List<LinearModel> models, double score, long started) {
        Design design = set.training(subject.standardize()).design();
        LinearModel model = models.get(FitSet.REAL);
        Scored test = Scored.of(rows, design, model, subject.kind(), Part.TEST, FitSet.REAL);
        Scored train = Scored.of(rows, design, model, subject.kind(), Part.TRAIN, FitSet.REAL);
        Metrics control = models.size() <= FitSet.CONTROL
                ? Metrics.NONE
                : Scored.of(rows, design, models.get(FitSet.CONTROL), subject.kind(), Part.TEST, FitSet.CONTROL)
                        .measured()
                        .metrics();
        Bootstrap.Intervals intervals = plan.bootstrap().of(test.measured(), contents.of(test.prompts()));
        ProbeResult.Fit fit = new ProbeResult.Fit(
                List.copyOf(set.classes()),
                design.coordinates().toRaw(model),
                set.counts(),
                score,
                train.measured().metrics(),
                test.measured().metrics(),
                intervals,
                test.majorityScore(set),
                control,
                rows.areDistributed(),
                (System.nanoTime() - started) / 1e9);
        return new ProbeResult(subject, ProbeResult.Status.OK, message(set, model), fit);
    }

    private String message(FitSet set, LinearModel model) {
        String unfinished = model.converged()
                ? ""
                : "not converged after " + model.iterations()
                        + " iterations: raise fit.max_iterations, or regularise more";
        return set.note() + (set.note().isEmpty() || unfinished.isEmpty() ? "" : "; ") + unfinished;
    }
}
