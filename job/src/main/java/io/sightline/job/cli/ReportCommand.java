package io.sightline.job.cli;

import io.sightline.job.report.Report;
import io.sightline.job.sql.query.SqlSession;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code report RUN_DIR [PROBE_DIR …]}: one HTML page about a run. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "One self-contained HTML page: what was run, throughput, norms by layer and position, similar prompts,",
            "errors, and the accuracy of probes; every figure with the SQL that gave it."
        })
public final class ReportCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "RUN_DIR", description = "A finished run's directory.")
    private String run = "";

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "PROBE_DIR",
            description = "Outputs of `probe` on that run.")
    private List<String> probes = List.of();

    @Option(names = "--out", paramLabel = "FILE", description = "Where the page goes; report.html by default.")
    private Path out = Path.of("report.html");

    @Option(
            names = "--png",
            paramLabel = "DIR",
            description = "Also a PNG of each figure, drawn by an installed Chromium (or the one that CHROMIUM names).")
    private @Nullable Path pictures;

    @Option(names = "--master", paramLabel = "URL", description = "The Spark master; local[*] by default.")
    private String master = System.getProperty("spark.master", "local[*]");

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter console =
                java.util.Objects.requireNonNull(spec).commandLine().getErr();
        try (SqlSession session = SqlSession.open(master, List.of(run))) {
            Report report = Report.of(session, run, probes);
            report.write(out);
            console.println(report.figureCount() + " figures in " + out);
            if (pictures != null) {
                Optional<List<Path>> written = report.writePictures(out, pictures);
                if (written.isEmpty()) {
                    throw new UsageException(
                            "--png needs Chromium, and none is on the PATH; install it (Debian: apt-get"
                                    + " install chromium) or name it in the environment variable CHROMIUM. " + out
                                    + " is written.");
                }
                console.println(written.get().size() + " pictures in " + pictures);
            }
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        return 0;
    }
}
