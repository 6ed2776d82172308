package io.sightline.job.probe;

import io.sightline.job.probe.fit.CurvatureCache;
import io.sightline.job.probe.fit.FitException;
import io.sightline.job.probe.fit.FitRows;
import io.sightline.job.probe.fit.Fits;
import io.sightline.job.probe.fit.RowCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains all probes of one cell. */
final class CellProbes {
    /** The most labels to fit side by side; more would save no time and take more memory. */
    private static final int LABELS_AT_ONCE = 32;

    private static final Logger LOG = LoggerFactory.getLogger(CellProbes.class);

    private final Cell cell;
    private final RunLabels labels;
    private final TrainingPlan plan;
    private final LongConsumer finished;

    /** @param finished called with the number of probes finished since the last call */
    CellProbes(Cell cell, RunLabels labels, TrainingPlan plan, LongConsumer finished) {
        this.cell = cell;
        this.labels = labels;
        this.plan = plan;
        this.finished = finished;
    }

    /** All probes of one pooling. */
    List<ProbeResult> train(Pooling pooling, FitRows rows) {
        try (CurvatureCache curvatures = new CurvatureCache()) {
            RowCounts counts = RowCounts.of(rows, labels.prompts());
            if (counts.notFinite() > 0) {
                return refuse(
                        List.of(pooling),
                        counts.notFinite() + " of " + counts.total() + " rows hold a NaN or an infinite value");
            }
            List<ProbeResult> results = new ArrayList<>();
            for (int from = 0; from < labels.labels().size(); from += LABELS_AT_ONCE) {
                int to = Math.min(labels.labels().size(), from + LABELS_AT_ONCE);
                results.addAll(train(pooling, rows, counts, labels.labels().subList(from, to), curvatures));
            }
            return results;
        } catch (FitException e) {
            return refuse(List.of(pooling), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.warn("{} with pooling {} failed", cell, pooling, e);
            return subjects(List.of(pooling)).stream()
                    .map(s -> ProbeResult.failed(s, e.getClass().getSimpleName() + ": " + e.getMessage()))
                    .toList();
        }
    }

    private List<ProbeResult> train(
            Pooling pooling, FitRows rows, RowCounts counts, List<Label> batch, CurvatureCache curvatures) {
        Fits fits = new Fits(plan.strengths().c(), plan.stop());
        List<LabelProbes> probes = new ArrayList<>();
        for (Label label : batch) {
            LabelProbes own = new LabelProbes(rows, counts, label, labels.contents(), plan, curvatures, fits);
            own.announce(plan.subjects(cell, pooling, label));
            probes.add(own);
        }
        fits.run();
        List<ProbeResult> results = new ArrayList<>();
        for (int i = 0; i < probes.size(); i++) {
            List<ProbeResult.Subject> subjects = plan.subjects(cell, pooling, batch.get(i));
            results.addAll(probes.get(i).train(subjects));
            finished.accept(subjects.size());
        }
        return results;
    }

    /** All probes of some poolings refused for one reason. */
    List<ProbeResult> refuse(List<Pooling> poolings, String why) {
        List<ProbeResult.Subject> subjects = subjects(poolings);
        finished.accept(subjects.size());
        return subjects.stream().map(s -> ProbeResult.refused(s, why)).toList();
    }

    private List<ProbeResult.Subject> subjects(List<Pooling> poolings) {
        List<ProbeResult.Subject> subjects = new ArrayList<>();
        for (Pooling pooling : poolings) {
            labels.labels().forEach(label -> subjects.addAll(plan.subjects(cell, pooling, label)));
        }
        return subjects;
    }
}
