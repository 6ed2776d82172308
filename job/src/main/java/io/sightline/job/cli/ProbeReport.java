package io.sightline.job.cli;

import io.sightline.job.probe.ProbeSummary;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The closing table of {@code probe}. */
final class ProbeReport {
    private static final List<String> HEADINGS =
            List.of("run", "label", "kind", "pooling", "best at", "metric", "score", "interval", "baseline", "control");

    private final PrintWriter out;

    ProbeReport(PrintWriter out) {
        this.out = out;
    }

    void print(ProbeSummary summary) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        for (ProbeSummary.Best best : summary.best()) {
            rows.add(List.of(
                    best.run(),
                    best.label(),
                    best.kind(),
                    best.pooling(),
                    best.module(),
                    best.metric(),
                    number(best.score()),
                    Double.isNaN(best.low()) ? "-" : number(best.low()) + " to " + number(best.high()),
                    number(best.baseline()),
                    number(best.control())));
        }
        if (rows.size() > 1) {
            table(rows);
        }
        summary.problems().forEach((message, count) -> out.printf("%d not trained: %s%n", count, message));
        out.printf(
                Locale.ROOT,
                "%d probes trained, %d refused, %d failed in %.1f s: %s%n",
                summary.ok(),
                summary.refused(),
                summary.failed(),
                summary.seconds(),
                summary.output());
        out.flush();
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
    }

    private void table(List<List<String>> rows) {
        int[] widths = new int[HEADINGS.size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(String.format(Locale.ROOT, "%-" + (widths[i] + 2) + "s", row.get(i)));
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
