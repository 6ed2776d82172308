package io.sightline.job.cli;

import io.sightline.job.config.JobFile;
import io.sightline.job.run.Forecast;
import java.io.PrintWriter;
import java.util.Locale;

/** The plan of a run, for {@code --dry-run}. */
final class ForecastPrinter {
    private ForecastPrinter() {}

    static void print(Forecast forecast, JobFile job, PrintWriter out) {
        String about = forecast.exact() ? "" : "about ";
        out.println(job.name() + ": plan, nothing was written");
        row(
                out,
                "model",
                forecast.model() + " (" + forecast.modelType() + ", " + Numbers.count(forecast.parameters())
                        + " parameters), " + forecast.dtype() + " on " + forecast.device());
        row(
                out,
                "prompts",
                about + Numbers.count(forecast.prompts()) + ", " + about + Numbers.count(forecast.tokens()) + " tokens"
                        + (forecast.badPrompts() == 0
                                ? ""
                                : "; " + about + Numbers.count(forecast.badPrompts())
                                        + " bad ones go to the errors table"));
        row(
                out,
                "chunks",
                Numbers.count(forecast.chunks()) + " chunks, " + about + Numbers.count(forecast.batches())
                        + " batches of at most " + job.batch().maxSize() + " prompts and "
                        + Numbers.count(job.batch().maxTokens()) + " padded tokens");
        for (Forecast.CaptureRows capture : forecast.captures()) {
            row(
                    out,
                    "capture",
                    capture.name() + ": " + capture.io() + " of " + capture.firstModule()
                            + (capture.modules() > 1 ? " and " + (capture.modules() - 1) + " more" : "") + " "
                            + capture.layout() + ", tokens "
                            + capture.tokens() + ", " + capture.dtype() + ": " + about + Numbers.count(capture.rows())
                            + " rows");
        }
        for (Forecast.ValueRows value : forecast.values()) {
            row(
                    out,
                    "value",
                    value.name() + (value.name().equals(value.node()) ? "" : " (node " + value.node() + ")") + ": "
                            + about + Numbers.count(value.rows()) + " rows");
        }
        row(
                out,
                "rows",
                "activations " + Numbers.count(forecast.activationRows()) + ", values "
                        + Numbers.count(forecast.valueRows()) + ", prompts " + Numbers.count(forecast.prompts())
                        + ", errors " + Numbers.count(forecast.badPrompts()));
        row(
                out,
                "on disk",
                "about " + Numbers.bytes(forecast.bytes()) + " (" + Numbers.count(forecast.bytes())
                        + " bytes), activations " + Numbers.bytes(forecast.activationBytes()) + ", "
                        + job.output().compression());
        row(out, "output", job.output().path());
    }

    private static void row(PrintWriter out, String name, String text) {
        out.println(String.format(Locale.ROOT, "  %-9s %s", name, text));
    }
}
