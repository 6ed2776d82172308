package io.sightline.job.cli;

import io.sightline.job.report.Report;
import io.sightline.job.sql.query.SqlSession;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
            "Writes one self-contained HTML page about a run.",
            "It shows what was run, throughput, norms by layer and position, similar prompts, saved values, errors, and the"
                    + " accuracy of probes; every figure with the SQL that gave it."
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

    @Mixin
    private SparkOptions sparkOptions = new SparkOptions();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter console = Objects.requireNonNull(spec).commandLine().getErr();
        SparkConf conf = sparkOptions.conf();
        try {
            checkOutputs();
            Report.checkReadable(run, probes, SparkHadoopUtil.get().newConfiguration(conf));
            return report(conf, console);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    /** What would fail after minutes of queries fails at once. */
    private void checkOutputs() {
        if (Files.isDirectory(out)) {
            throw new UsageException(
                    "--out: " + out + " is a directory; give the file to write, such as " + out.resolve("report.html"));
        }
        FileProblems.checkWritable("--out", out.toAbsolutePath().getParent());
        if (pictures != null) {
            FileProblems.checkWritable("--png", pictures);
        }
    }

    private int report(SparkConf conf, PrintWriter console) throws IOException {
        try (SqlSession session = SqlSession.open(conf, List.of(run))) {
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
        }
        return 0;
    }
}
