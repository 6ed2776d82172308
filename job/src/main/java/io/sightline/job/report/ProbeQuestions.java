package io.sightline.job.report;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The figures of a probe directory's tables. */
final class ProbeQuestions {
    private final SparkSession spark;

    ProbeQuestions(SparkSession spark) {
        this.spark = spark;
    }

    List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        for (Row row : spark.sql("SELECT label, max(accuracy) IS NOT NULL, max(r2) IS NOT NULL FROM probes"
                        + " WHERE status = 'ok' AND layer IS NOT NULL GROUP BY label ORDER BY label")
                .collectAsList()) {
            if (row.getBoolean(1)) {
                figures.add(byLayer(row.getString(0), "accuracy", "Accuracy", "majority_accuracy", "control_accuracy"));
            }
            if (row.getBoolean(2)) {
                figures.add(byLayer(row.getString(0), "r2", "R²", "mean_r2", "control_r2"));
            }
        }
        figures.add(notTrained());
        return figures;
    }

    private Figure byLayer(String label, String metric, String title, String baseline, String control) {
        Figure figure = Figure.ask(
                spark,
                SqlText.id("probe-" + metric, label),
                title + " of probes for '" + label + "' by layer",
                "On prompts of the test part.",
                "SELECT layer, concat_ws(' ', name, kind, pooling) AS probe, " + metric + ", " + metric + "_low, "
                        + metric + "_high, " + baseline + ", " + control + ", n_test\nFROM probes\nWHERE label = "
                        + SqlText.quoted(label) + " AND status = 'ok' AND layer IS NOT NULL AND " + metric
                        + " IS NOT NULL\nORDER BY probe, layer",
                new Drawing.Lines("layer", metric, "probe", null, null, List.of()));
        boolean band = figure.hasValues(metric + "_low");
        boolean based = figure.hasValues(baseline);
        boolean controlled = figure.hasValues(control);
        List<String> references = new ArrayList<>();
        if (based) {
            references.add(baseline);
        }
        if (controlled) {
            references.add(control);
        }
        return figure.drawnAs(
                figure.caption()
                        + (band ? " The band is the confidence interval." : "")
                        + (based ? " Dashed: the baseline without a probe." : "")
                        + (controlled
                                ? (based ? " Dotted" : " Dashed") + ": the control task, whose labels are shuffled."
                                : ""),
                new Drawing.Lines(
                        "layer",
                        metric,
                        "probe",
                        band ? metric + "_low" : null,
                        band ? metric + "_high" : null,
                        references));
    }

    private Figure notTrained() {
        return Figure.ask(
                spark,
                "probes-not-trained",
                "Probes without a result",
                "Refused or failed probes, with one message of each kind.",
                "SELECT status, label, kind, count(*) AS probes, min(message) AS example FROM probes"
                        + " WHERE status <> 'ok' GROUP BY status, label, kind ORDER BY probes DESC, label, kind LIMIT 10",
                new Drawing.Table());
    }
}
