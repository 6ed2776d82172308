package io.sightline.job.cli;

import io.sightline.job.run.Progress;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Consumer;

/** Progress on the console: one line in place on a terminal, else a line every few seconds. */
final class ProgressPrinter implements Consumer<Progress.Snapshot>, AutoCloseable {
    private static final double SECONDS_BETWEEN_LINES = 5;

    private final PrintWriter out;
    private final boolean terminal;
    private double lastLine = -SECONDS_BETWEEN_LINES;
    private int shownLength;
    private boolean ended;

    ProgressPrinter(PrintWriter out) {
        this.out = out;
        // The launcher knows whether stderr is a terminal; Java only knows about stdin and stdout together.
        this.terminal =
                Boolean.parseBoolean(System.getProperty("sightline.tty", Boolean.toString(System.console() != null)));
    }

    @Override
    public synchronized void accept(Progress.Snapshot now) {
        if (ended) {
            return;
        }
        String line = line(now);
        if (terminal) {
            out.print("\r" + line + " ".repeat(Math.max(0, shownLength - line.length())));
            shownLength = line.length();
        } else if (now.seconds() - lastLine >= SECONDS_BETWEEN_LINES || now.prompts() == now.totalPrompts()) {
            out.println(line);
            lastLine = now.seconds();
            ended = now.prompts() == now.totalPrompts();
        }
        out.flush();
    }

    private static String line(Progress.Snapshot now) {
        boolean unknown = now.prompts() == now.totalPrompts() || Double.isNaN(now.secondsLeft());
        String left = unknown ? "" : ", " + Numbers.duration(now.secondsLeft()) + " left";
        String errors = now.errors() == 0 ? "" : ", " + Numbers.count(now.errors()) + " bad";
        return String.format(
                Locale.ROOT,
                "%3d%%  %s of %s prompts, %s tokens, %s tokens/s%s%s",
                now.totalPrompts() == 0 ? 100 : 100 * now.prompts() / now.totalPrompts(),
                Numbers.count(now.prompts()),
                Numbers.count(now.totalPrompts()),
                Numbers.count(now.tokens()),
                Numbers.count(Math.round(now.tokensPerSecond())),
                errors,
                left);
    }

    /** Ends the line that was being overwritten. */
    @Override
    public synchronized void close() {
        if (terminal && shownLength > 0) {
            out.println();
            shownLength = 0;
        }
        out.flush();
        ended = true;
    }
}
