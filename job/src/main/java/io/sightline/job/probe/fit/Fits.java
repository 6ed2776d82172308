package io.sightline.job.probe.fit;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fits probes of one data set. Two-class logistic regressions that were {@linkplain #expect announced} are fitted side by side, so that the rows are
 * read once for all of them: which is most of what a single one costs. Everything else is fitted when asked for.
 */
public final class Fits {
    private static final Logger LOG = LoggerFactory.getLogger(Fits.class);
    /** A training joins others if it uses at least this share of the rows that they use together: the rest is multiplied in vain. */
    private static final double LEAST_SHARE = 0.5;

    private final List<Double> cs;
    private final Solver.Stop stop;
    private final List<Training> expected = new ArrayList<>();
    private final Map<Training, List<List<LinearModel>>> fitted = new IdentityHashMap<>();
    private double seconds;

    /** @param cs the strengths of the announced logistic regressions */
    public Fits(List<Double> cs, Solver.Stop stop) {
        this.cs = cs;
        this.stop = stop;
    }

    /** Says that a logistic regression of {@code training} with every strength will be asked for. */
    public void expect(Training training) {
        if (training.targets().classes() == 2) {
            expected.add(training);
        }
    }

    /** Fits all that was announced. What cannot be fitted is left to be fitted, and refused, alone. */
    public void run() {
        long started = System.nanoTime();
        for (List<Training> group : grouped()) {
            try {
                List<List<List<LinearModel>>> models = new LogisticBatch(group).fit(cs, stop);
                for (int i = 0; i < group.size(); i++) {
                    fitted.put(group.get(i), models.get(i));
                }
            } catch (RuntimeException e) {
                LOG.warn("{} probes could not be fitted together and are fitted one by one", group.size(), e);
            }
        }
        seconds = expected.isEmpty() ? 0 : (System.nanoTime() - started) / 1e9 / expected.size();
        expected.clear();
    }

    private record Group(List<Training> trainings, BitSet prompts, int[] fewest) {}

    private List<List<Training>> grouped() {
        List<Group> groups = new ArrayList<>();
        for (Training training : expected) {
            BitSet own = training.design().trainingPrompts();
            Group home = home(groups, own);
            if (home == null) {
                home = new Group(new ArrayList<>(), new BitSet(), new int[] {Integer.MAX_VALUE});
                groups.add(home);
            }
            home.trainings.add(training);
            home.prompts.or(own);
            home.fewest[0] = Math.min(home.fewest[0], own.cardinality());
        }
        return groups.stream().map(Group::trainings).toList();
    }

    private static @Nullable Group home(List<Group> groups, BitSet own) {
        for (Group group : groups) {
            BitSet union = (BitSet) group.prompts.clone();
            union.or(own);
            if (Math.min(group.fewest[0], own.cardinality()) >= LEAST_SHARE * union.cardinality()) {
                return group;
            }
        }
        return null;
    }

    /**
     * Models by variant and strength, as {@link Solver#fit}.
     *
     * @throws FitException if these rows cannot be fitted in this way
     */
    public List<List<LinearModel>> of(Training training, Kind kind, List<Double> strengths) {
        List<List<LinearModel>> known = fitted.get(training);
        return known != null && kind == Kind.LOGISTIC && strengths.equals(cs)
                ? known
                : Solver.of(kind, strengths, stop).fit(training);
    }

    /** What each announced fit took of the time, evenly. */
    public double secondsEach(Kind kind) {
        return kind == Kind.LOGISTIC ? seconds : 0;
    }
}
