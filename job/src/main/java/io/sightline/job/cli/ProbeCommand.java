package io.sightline.job.cli;

import io.sightline.job.probe.ProbeFile;
import io.sightline.job.probe.ProbeFileReader;
import io.sightline.job.probe.ProbeJob;
import io.sightline.job.probe.ProbeProgress;
import io.sightline.job.probe.ProbeSummary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sightline probe PROBE.yaml}: trains every probe of a grid on the tables of runs. */
@Command(
        name = "probe",
        description =
                "Trains every probe of a grid (capture x layer x pooling x label) on a run's tables; see docs/PROBES.md.",
        mixinStandardHelpOptions = true)
public final class ProbeCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "PROBE.yaml", description = "The probe file.")
    private Path path = Path.of("");

    @Option(names = "--overwrite", description = "Replaces the output directory if it holds probes.")
    private boolean overwrite;

    @Option(names = "--master", paramLabel = "URL", description = "Spark's master; default ${DEFAULT-VALUE}.")
    private String master = "local[*]";

    @Option(names = "--conf", paramLabel = "KEY=VALUE", description = "A Spark setting; may be repeated.")
    private Map<String, String> settings = Map.of();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        ProbeFile file;
        try {
            file = ProbeFileReader.read(text());
        } catch (IllegalArgumentException e) {
            throw new UsageException(path + ": " + e.getMessage());
        }
        try (SparkSession spark = session()) {
            return run(spark, file);
        }
    }

    private String text() {
        try {
            return Files.readString(path);
        } catch (NoSuchFileException e) {
            throw new UsageException("no probe file '" + path + "'");
        } catch (IOException e) {
            throw new UsageException("cannot read the probe file '" + path + "': " + e.getMessage());
        }
    }

    private SparkSession session() {
        SparkSession.Builder builder = SparkSession.builder()
                .appName("sightline probe " + path.getFileName())
                .config("spark.ui.enabled", "false")
                .config("spark.ui.showConsoleProgress", "false")
                // Data sets are fitted whole: Spark's own 1 GB limit on what tasks return would stop large grids.
                .config("spark.driver.maxResultSize", "0");
        if (System.getProperty("spark.master") == null) {
            builder = builder.master(master);
        }
        settings.forEach(builder::config);
        return builder.getOrCreate();
    }

    private int run(SparkSession spark, ProbeFile file) {
        ProbeSummary summary;
        try {
            ProbeJob job = ProbeJob.plan(spark, file);
            out().printf("%d probes at %d places%n", job.probes(), job.places());
            out().flush();
            summary = job.run(overwrite ? ProbeJob.Existing.OVERWRITE : ProbeJob.Existing.REFUSE, this::show);
        } catch (IllegalArgumentException e) {
            throw new UsageException(path + ": " + e.getMessage());
        }
        new ProbeReport(out()).print(summary);
        return summary.failed() == 0 ? 0 : 1;
    }

    private void show(ProbeProgress progress) {
        String left = Double.isNaN(progress.secondsLeft())
                ? ""
                : String.format(Locale.ROOT, ", %.1f/s, %.0f s left", progress.rate(), progress.secondsLeft());
        out().printf(
                        Locale.ROOT,
                        "probes %d/%d, %.0f s%s%n",
                        progress.done(),
                        progress.total(),
                        progress.seconds(),
                        left);
        out().flush();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
