package io.sightline.job.cli;

import io.sightline.job.config.JobFile;
import io.sightline.job.run.RunSummary;
import io.sightline.job.table.Manifest;
import java.io.PrintWriter;
import java.util.Locale;

/** The closing note of a run. */
final class SummaryPrinter {
    private SummaryPrinter() {}

    /** @param badPrompts what is said of the errors table */
    static void print(RunSummary summary, JobFile job, String badPrompts, PrintWriter out) {
        Manifest.Counts counts = summary.manifest().counts();
        Manifest.Timings timings = summary.manifest().timings();
        if (counts == null || timings == null) {
            throw new IllegalStateException("a run that ended has counts and timings");
        }
        out.println();
        out.println(summary.manifest().name() + ": done in " + Numbers.duration(timings.seconds()) + ", in "
                + summary.location());
        row(
                out,
                "prompts",
                Numbers.count(counts.prompts()) + ", " + Numbers.count(counts.tokens()) + " tokens"
                        + (summary.resumedChunks() > 0
                                ? " (" + summary.resumedChunks() + " chunks were there already)"
                                : ""));
        row(out, "activations", Numbers.count(counts.activations()) + " rows");
        row(out, "values", Numbers.count(counts.values()) + " rows");
        row(out, "errors", badPrompts);
        if (!summary.firstError().isEmpty()) {
            row(out, "", "the first: " + shortened(summary.firstError()));
        }
        row(out, "on disk", Numbers.bytes(counts.bytes()));
        row(
                out,
                "speed",
                Numbers.count(Math.round(timings.tokensPerSecond())) + " tokens/s over all, "
                        + (Double.isNaN(summary.forwardShare())
                                ? "nothing was left to do"
                                : String.format(
                                        Locale.ROOT,
                                        "%.0f %% of the executors' time in forward passes",
                                        100 * summary.forwardShare())));
        row(
                out,
                "memory",
                "peak " + Numbers.bytes(summary.peakMemoryBytes()) + " a process; the model's weights take "
                        + Numbers.bytes(summary.modelBytes()));
        out.println();
        out.println("Look at it:  scripts/sightline sql " + quoted(summary.location()) + " \\");
        out.println(
                counts.activations() > 0
                        ? "    \"select name, layer, count(*) as vectors, avg(" + norm(job) + ") as norm"
                                + " from activations group by name, layer order by name, layer\""
                        : "    \"select name, count(*) as prompts, avg(value[0]) as first from values group by name order by name\"");
    }

    private static void row(PrintWriter out, String name, String text) {
        out.println(String.format(Locale.ROOT, "  %-12s %s", name, text));
    }

    /** As a shell takes it for one word. */
    static String quoted(String word) {
        return word.matches("[\\w./:@%+=,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** Of the column, or columns, that the job's captures fill. */
    private static String norm(JobFile job) {
        boolean halves =
                job.captures().stream().anyMatch(capture -> capture.dtype().equals("float16"));
        boolean floats =
                job.captures().stream().anyMatch(capture -> capture.dtype().equals("float32"));
        return !halves
                ? "l2_norm(vector)"
                : floats ? "coalesce(l2_norm(vector), l2_norm(vector_f16))" : "l2_norm(vector_f16)";
    }

    private static String shortened(String message) {
        String line = message.lines().findFirst().orElse("");
        return line.length() > 160 ? line.substring(0, 160) + "…" : line;
    }
}
