package io.sightline.job.cli;

import io.sightline.job.config.JobFile;
import io.sightline.job.run.DryRunEstimate;
import java.io.PrintWriter;
import java.util.Locale;

/** The plan of a run, for {@code --dry-run}. */
final class DryRunPrinter {
    private DryRunPrinter() {}

    static void print(DryRunEstimate estimate, JobFile job, PrintWriter out) {
        String about = estimate.exact() ? "" : "about ";
        out.println(job.name() + ": plan, nothing was written");
        row(
                out,
                "model",
                estimate.model() + " (" + estimate.modelType() + ", " + Numbers.count(estimate.parameters())
                        + " parameters), " + estimate.dtype() + " on " + estimate.device());
        row(
                out,
                "prompts",
                about + Numbers.count(estimate.prompts()) + ", " + about + Numbers.count(estimate.tokens()) + " tokens"
                        + (estimate.badPrompts() == 0
                                ? ""
                                : "; " + about + Numbers.count(estimate.badPrompts())
                                        + " bad ones go to the errors table"));
        row(
                out,
                "chunks",
                Numbers.count(estimate.chunks()) + " chunks, " + about + Numbers.count(estimate.batches())
                        + " batches of at most " + job.batch().maxSize() + " prompts and "
                        + Numbers.count(job.batch().maxTokens()) + " padded tokens");
        for (DryRunEstimate.CaptureRows capture : estimate.captures()) {
            row(
                    out,
                    "capture",
                    capture.name() + ": " + capture.io() + " of " + capture.firstModule()
                            + (capture.modules() > 1 ? " and " + (capture.modules() - 1) + " more" : "") + " "
                            + capture.layout() + ", tokens "
                            + capture.tokens() + ", " + capture.dtype() + ": " + about + Numbers.count(capture.rows())
                            + " rows");
        }
        for (DryRunEstimate.ValueRows value : estimate.values()) {
            row(
                    out,
                    "value",
                    value.name() + (value.name().equals(value.node()) ? "" : " (node " + value.node() + ")") + ": "
                            + about + Numbers.count(value.rows()) + " rows");
        }
        row(
                out,
                "rows",
                "activations " + Numbers.count(estimate.activationRows()) + ", values "
                        + Numbers.count(estimate.valueRows()) + ", prompts " + Numbers.count(estimate.prompts())
                        + ", errors " + Numbers.count(estimate.badPrompts()));
        row(
                out,
                "on disk",
                "about " + Numbers.bytes(estimate.bytes()) + " (" + Numbers.count(estimate.bytes())
                        + " bytes), activations " + Numbers.bytes(estimate.activationBytes()) + ", "
                        + job.output().compression());
        row(out, "output", job.output().path());
    }

    private static void row(PrintWriter out, String name, String text) {
        out.println(String.format(Locale.ROOT, "  %-9s %s", name, text));
    }
}
