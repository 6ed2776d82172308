package io.sightline.job.probe;

import io.sightline.job.probe.fit.Affine;
import io.sightline.job.probe.fit.CurvatureCache;
import io.sightline.job.probe.fit.Design;
import io.sightline.job.probe.fit.FitException;
import io.sightline.job.probe.fit.FitRows;
import io.sightline.job.probe.fit.Moments;
import io.sightline.job.probe.fit.Part;
import io.sightline.job.probe.fit.RowCounts;
import io.sightline.job.probe.fit.Targets;
import io.sightline.job.probe.fit.Training;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * One division of a label's prompts, cut to what can be fitted on the rows at hand: prompts without rows are left out, and so are classes without a row to
 * train on, with a note.
 */
final class FitSet {
    static final int REAL = 0;
    static final int CONTROL = 1;

    private final FitRows rows;
    private final RowCounts counts;
    private final byte[] parts;
    private final Targets targets;
    private final List<String> classes;
    private final String note;
    private final Moments moments;
    private final CurvatureCache curvatures;
    private final Map<Boolean, Training> trainings = new ConcurrentHashMap<>();

    private FitSet(
            FitRows rows,
            RowCounts counts,
            byte[] parts,
            Targets targets,
            List<String> classes,
            String note,
            CurvatureCache curvatures) {
        this.rows = rows;
        this.counts = counts;
        this.parts = parts;
        this.targets = targets;
        this.classes = classes;
        this.note = note;
        this.curvatures = curvatures;
        this.moments = Moments.of(rows, new Design(parts, targets, Affine.identity(rows.width())));
    }

    /**
     * @param given what each prompt would be used for
     * @throws FitException if the rows to train on hold fewer than two classes
     */
    static FitSet of(FitRows rows, RowCounts counts, Label label, byte[] given, CurvatureCache curvatures) {
        byte[] parts = given.clone();
        for (int prompt = 0; prompt < parts.length; prompt++) {
            parts[prompt] = counts.rowsOfPrompt()[prompt] == 0 ? Part.UNUSED.code() : parts[prompt];
        }
        if (counts.in(Part.TRAIN, parts) == 0) {
            throw new FitException("no row of a labelled prompt is left to train on");
        }
        if (label.isRegression()) {
            return new FitSet(rows, counts, parts, numbers(label), List.of(), "", curvatures);
        }
        boolean[] kept = trained(label, parts);
        List<String> classes = new ArrayList<>();
        List<String> dropped = new ArrayList<>();
        for (int c = 0; c < kept.length; c++) {
            (kept[c] ? classes : dropped).add(label.classes().get(c));
        }
        if (classes.size() < 2) {
            throw new FitException("the rows to train on hold "
                    + (classes.isEmpty() ? "no class" : "only class '" + classes.get(0) + "'")
                    + ": there is nothing to distinguish");
        }
        return new FitSet(
                rows, counts, parts, classes(label, kept, classes.size()), classes, note(dropped), curvatures);
    }

    private static String note(List<String> dropped) {
        return dropped.isEmpty() ? "" : "classes without a row to train on are left out: " + someOf(dropped);
    }

    /** How many there are, and the first of them. */
    private static String someOf(List<String> classes) {
        return classes.size() + " (" + String.join(", ", classes.subList(0, Math.min(5, classes.size())))
                + (classes.size() > 5 ? ", …)" : ")");
    }

    private static Targets numbers(Label label) {
        return label.control() == null
                ? Targets.ofNumbers(label.valueOfPrompt())
                : Targets.ofNumbers(label.valueOfPrompt(), label.control().valueOfPrompt());
    }

    private static int[][] variants(Label label) {
        return label.control() == null
                ? new int[][] {label.classOfPrompt()}
                : new int[][] {label.classOfPrompt(), label.control().classOfPrompt()};
    }

    /** The classes that every variant has training prompts of. Prompts of the others become unused, which may take more classes with them. */
    private static boolean[] trained(Label label, byte[] parts) {
        int[][] variants = variants(label);
        boolean[] kept = new boolean[label.classes().size()];
        Arrays.fill(kept, true);
        boolean changed = true;
        while (changed) {
            boolean[] still = kept.clone();
            for (int[] classes : variants) {
                boolean[] seen = new boolean[kept.length];
                for (int prompt = 0; prompt < parts.length; prompt++) {
                    if (parts[prompt] == Part.TRAIN.code()) {
                        seen[classes[prompt]] = true;
                    }
                }
                for (int c = 0; c < kept.length; c++) {
                    still[c] &= seen[c];
                }
            }
            changed = !Arrays.equals(still, kept);
            kept = still;
            leaveOut(kept, variants, parts);
        }
        return kept;
    }

    private static void leaveOut(boolean[] kept, int[][] variants, byte[] parts) {
        for (int prompt = 0; prompt < parts.length; prompt++) {
            for (int[] classes : variants) {
                if (parts[prompt] != Part.UNUSED.code() && !kept[classes[prompt]]) {
                    parts[prompt] = Part.UNUSED.code();
                }
            }
        }
    }

    private static Targets classes(Label label, boolean[] kept, int count) {
        int[] numbers = new int[kept.length];
        int next = 0;
        for (int c = 0; c < kept.length; c++) {
            numbers[c] = kept[c] ? next++ : -1;
        }
        int[][] renumbered = Arrays.stream(variants(label))
                .map(classes ->
                        Arrays.stream(classes).map(c -> c < 0 ? -1 : numbers[c]).toArray())
                .toArray(int[][]::new);
        return Targets.ofClasses(count, renumbered);
    }

    Training training(boolean standardize) {
        return trainings.computeIfAbsent(standardize, s -> {
            Design design = new Design(parts, targets, moments.coordinates(s));
            return new Training(rows, design, moments, curvatures);
        });
    }

    FitRows rows() {
        return rows;
    }

    Targets targets() {
        return targets;
    }

    List<String> classes() {
        return classes;
    }

    /** What to know about the metrics: classes that are not trained on, and classes that are trained on but not tested. */
    String note() {
        List<String> untested = new ArrayList<>(classes);
        untested.removeAll(tested());
        return untested.isEmpty()
                ? note
                : note + (note.isEmpty() ? "" : "; ") + "no metric counts the classes without a row to test on: "
                        + someOf(untested);
    }

    /** The classes that the rows to test on hold. */
    List<String> tested() {
        boolean[] seen = new boolean[classes.size()];
        for (int prompt = 0; prompt < parts.length; prompt++) {
            if (parts[prompt] == Part.TEST.code() && !classes.isEmpty()) {
                seen[targets.classOfPrompt()[REAL][prompt]] = true;
            }
        }
        return IntStream.range(0, seen.length)
                .filter(c -> seen[c])
                .mapToObj(classes::get)
                .toList();
    }

    ProbeResult.Counts counts() {
        return new ProbeResult.Counts(
                counts.in(Part.TRAIN, parts), counts.in(Part.VALIDATION, parts), counts.in(Part.TEST, parts));
    }

    /** The class that most training rows have; the first of several. */
    int majority() {
        long[] rowsOfClass = new long[classes.size()];
        for (int prompt = 0; prompt < parts.length; prompt++) {
            if (parts[prompt] == Part.TRAIN.code()) {
                rowsOfClass[targets.classOfPrompt()[REAL][prompt]] += counts.rowsOfPrompt()[prompt];
            }
        }
        int most = 0;
        for (int c = 1; c < rowsOfClass.length; c++) {
            most = rowsOfClass[c] > rowsOfClass[most] ? c : most;
        }
        return most;
    }

    /** The mean number of the training rows. */
    double trainingMean() {
        double sum = 0;
        long count = 0;
        for (int prompt = 0; prompt < parts.length; prompt++) {
            if (parts[prompt] == Part.TRAIN.code()) {
                sum += counts.rowsOfPrompt()[prompt] * targets.valueOfPrompt()[REAL][prompt];
                count += counts.rowsOfPrompt()[prompt];
            }
        }
        return sum / count;
    }
}
