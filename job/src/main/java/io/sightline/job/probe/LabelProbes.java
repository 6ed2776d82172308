package io.sightline.job.probe;

import io.sightline.job.probe.fit.CurvatureCache;
import io.sightline.job.probe.fit.Design;
import io.sightline.job.probe.fit.FitException;
import io.sightline.job.probe.fit.FitRows;
import io.sightline.job.probe.fit.Fits;
import io.sightline.job.probe.fit.Kind;
import io.sightline.job.probe.fit.LinearModel;
import io.sightline.job.probe.fit.Part;
import io.sightline.job.probe.fit.RowCounts;
import io.sightline.job.probe.fit.Training;
import io.sightline.job.probe.measure.Bootstrap;
import io.sightline.job.probe.measure.Metrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains the probes of one label on one data set. A probe that cannot be trained becomes a row that says why; the others go on. */
final class LabelProbes {
    private static final Logger LOG = LoggerFactory.getLogger(LabelProbes.class);

    private final FitRows rows;
    private final RowCounts counts;
    private final Label label;
    private final PromptContents contents;
    private final TrainingPlan plan;
    private final CurvatureCache curvatures;
    private final Fits fits;

    private final List<FitSet> folds = new ArrayList<>();

    @Nullable
    private FitSet whole;

    @Nullable
    private String refusal;

    LabelProbes(
            FitRows rows,
            RowCounts counts,
            Label label,
            PromptContents contents,
            TrainingPlan plan,
            CurvatureCache curvatures,
            Fits fits) {
        this.rows = rows;
        this.counts = counts;
        this.label = label;
        this.contents = contents;
        this.plan = plan;
        this.curvatures = curvatures;
        this.fits = fits;
        refusal = label.refusal();
        if (refusal == null) {
            divide();
        }
    }

    private void divide() {
        try {
            whole = FitSet.of(rows, counts, label, label.split().parts(), curvatures);
            IntStream.range(0, plan.folds()).forEach(held -> folds.add(fold(held)));
        } catch (FitException e) {
            refusal = String.valueOf(e.getMessage());
        }
    }

    /** The strengths that were chosen, by variant, and the real one's validation score. */
    private record Choice(List<Double> strengths, double score) {}

    /** Announces the fits that {@link #train} will ask for. */
    void announce(List<ProbeResult.Subject> subjects) {
        if (whole == null || refusal != null) {
            return;
        }
        boolean chosenByFolds = plan.strengths().c().size() > 1 && !folds.isEmpty();
        for (ProbeResult.Subject subject : subjects) {
            if (subject.kind() == Kind.LOGISTIC && obstacle(subject, whole) == null) {
                (chosenByFolds ? folds : List.of(whole))
                        .forEach(set -> fits.expect(set.training(subject.standardize())));
            }
        }
    }

    List<ProbeResult> train(List<ProbeResult.Subject> subjects) {
        FitSet set = whole;
        String why = refusal;
        if (why != null || set == null) {
            return subjects.stream()
                    .map(s -> ProbeResult.refused(s, String.valueOf(why)))
                    .toList();
        }
        return subjects.stream().map(subject -> guarded(subject, set)).toList();
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

    private ProbeResult guarded(ProbeResult.Subject subject, FitSet set) {
        try {
            String obstacle = obstacle(subject, set);
            return obstacle == null ? trained(subject, set) : ProbeResult.refused(subject, obstacle);
        } catch (FitException e) {
            return ProbeResult.refused(subject, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.warn("{} failed", subject.id(), e);
            return ProbeResult.failed(subject, e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    /** Why a probe cannot be trained in this way, or {@code null}. */
    private @Nullable String obstacle(ProbeResult.Subject subject, FitSet set) {
        Kind kind = subject.kind();
        if (label.isRegression() && !kind.fitsNumbers()) {
            return "a " + kind + " probe separates classes, and '" + label.name()
                    + "' is a number: use ridge, or task: multiclass";
        }
        if (set.counts().test() == 0) {
            return "no row of a labelled prompt is left to test on";
        }
        if (!label.isRegression() && set.tested().size() < 2) {
            return "the rows to test on hold only class '" + set.tested().get(0)
                    + "', so no metric would show whether the"
                    + " probe tells it from the others: label more prompts of the other classes, or raise split.test";
        }
        int strengths = plan.strengths().of(kind).size();
        return strengths > 1 && folds.isEmpty() && set.counts().validation() == 0
                ? "no row is left to choose among " + strengths + " values of " + kind.strength()
                        + " on: give one value in regularization, or a larger split.validation, or split.folds"
                : null;
    }

    private ProbeResult trained(ProbeResult.Subject subject, FitSet set) {
        long started = System.nanoTime();
        Kind kind = subject.kind();
        Training training = set.training(subject.standardize());
        List<Double> strengths = plan.strengths().of(kind);
        List<LinearModel> models = new ArrayList<>();
        double score = Double.NaN;
        if (strengths.size() > 1 && !folds.isEmpty()) {
            Choice choice = chosenByFolds(kind, strengths, subject.standardize());
            List<Double> needed = choice.strengths.stream().distinct().toList();
            List<List<LinearModel>> fitted = fits.of(training, kind, needed);
            for (int v = 0; v < fitted.size(); v++) {
                models.add(fitted.get(v).get(needed.indexOf(choice.strengths.get(v))));
            }
            score = choice.score;
        } else {
            List<List<LinearModel>> fitted = fits.of(training, kind, strengths);
            double[][] scores = validationScores(fitted, training.design(), kind);
            for (int v = 0; v < fitted.size(); v++) {
                models.add(fitted.get(v).get(best(scores[v])));
            }
            score = strengths.size() > 1 ? scores[FitSet.REAL][best(scores[FitSet.REAL])] : Double.NaN;
        }
        return result(subject, set, models, score, started);
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
            if (models.size() > 1) {
                score(models, design, kind, v, scores[v]);
            }
        }
        return scores;
    }

    private void score(List<LinearModel> models, Design design, Kind kind, int variant, double[] scores) {
        int[] there = IntStream.range(0, models.size())
                .filter(i -> models.get(i).exists())
                .toArray();
        List<LinearModel> existing = IntStream.of(there).mapToObj(models::get).toList();
        List<Scored> scored = Scored.of(rows, design, existing, kind, Part.VALIDATION, variant);
        for (int i = 0; i < there.length; i++) {
            scores[there[i]] = scored.get(i).selectionScore();
        }
    }

    /** The strength with the best mean score over the folds. */
    private Choice chosenByFolds(Kind kind, List<Double> strengths, boolean standardize) {
        double[][] sums = new double[folds.get(0).targets().variants()][strengths.size()];
        for (FitSet fold : folds) {
            Training training = fold.training(standardize);
            double[][] scores = validationScores(fits.of(training, kind, strengths), training.design(), kind);
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
                fits.secondsEach(subject.kind()) + (System.nanoTime() - started) / 1e9);
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
