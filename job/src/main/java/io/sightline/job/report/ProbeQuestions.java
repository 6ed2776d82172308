package io.sightline.job.report;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** What is asked of a probe directory's tables. */
final class ProbeQuestions {
    static final List<Question> ALL = List.of(ProbeQuestions::byLayer, ProbeQuestions::notTrained);

    private ProbeQuestions() {}

    private static List<Figure> byLayer(SparkSession spark) {
        List<Figure> figures = new ArrayList<>();
        for (String label : SqlText.strings(
                spark, "SELECT DISTINCT label FROM probes WHERE status = 'ok' AND layer IS NOT NULL ORDER BY label")) {
            add(figures, spark, label, "accuracy", "Accuracy", List.of("majority_accuracy", "control_accuracy"));
            add(figures, spark, label, "r2", "R²", List.of("mean_r2", "control_r2"));
        }
        return figures;
    }

    private static void add(
            List<Figure> figures,
            SparkSession spark,
            String label,
            String metric,
            String title,
            List<String> references) {
        Figure figure = Figure.ask(
                spark,
                SqlText.id("probe-" + metric, label),
                title + " of probes for '" + label + "' by layer",
                "On prompts of the test part; the band is the bootstrap interval. Dashed: the baseline without a probe; dotted: the control task,"
                        + " whose labels are shuffled.",
                "SELECT layer, concat_ws(' ', name, kind, pooling) AS probe, " + metric + ", " + metric + "_low, "
                        + metric
                        + "_high, " + String.join(", ", references) + ", n_test\nFROM probes\nWHERE label = "
                        + SqlText.quoted(label) + " AND status = 'ok' AND layer IS NOT NULL AND " + metric
                        + " IS NOT NULL\nORDER BY probe, layer",
                new Drawing.Lines("layer", metric, "probe", metric + "_low", metric + "_high", references));
        if (!figure.isEmpty()) {
            figures.add(figure);
        }
    }

    private static List<Figure> notTrained(SparkSession spark) {
        return List.of(Figure.ask(
                spark,
                "probes-not-trained",
                "Probes without a result",
                "Refused or failed probes, with one message of each kind.",
                "SELECT status, label, kind, count(*) AS probes, min(message) AS example FROM probes"
                        + " WHERE status <> 'ok' GROUP BY status, label, kind ORDER BY probes DESC, label, kind LIMIT 10",
                new Drawing.Table()));
    }
}
