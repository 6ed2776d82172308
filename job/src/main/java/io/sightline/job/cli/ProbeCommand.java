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
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private SparkOptions sparkOptions = new SparkOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        ProbeFile file;
        SparkConf conf = sparkOptions.conf();
        try {
            file = ProbeFileReader.read(text());
            ProbeJob.checkPlaces(file, existing(), SparkHadoopUtil.get().newConfiguration(conf));
        } catch (IllegalArgumentException e) {
            throw new UsageException(path + ": " + e.getMessage());
        }
        // Starting Spark and reading the runs takes seconds.
        out().println("reading " + String.join(", ", file.runs().values()));
        out().flush();
        try (SparkSession spark = session(conf)) {
            return run(spark, file);
        }
    }

    private String text() {
        try {
            return Files.readString(path);
        } catch (NoSuchFileException e) {
            throw new UsageException("no probe file '" + path + "'");
        } catch (IOException e) {
            throw new UsageException("cannot read the probe file '" + path + "': " + FileProblems.reason(e));
        }
    }

    private ProbeJob.Existing existing() {
        return overwrite ? ProbeJob.Existing.OVERWRITE : ProbeJob.Existing.REFUSE;
    }

    private SparkSession session(SparkConf conf) {
        // Data sets are fitted whole: Spark's own 1 GB limit on what tasks return would stop large grids.
        conf.setIfMissing("spark.driver.maxResultSize", "0");
        return SparkSessions.open("probe " + path.getFileName(), conf);
    }

    private int run(SparkSession spark, ProbeFile file) {
        ProbeSummary summary;
        try {
            ProbeJob job = ProbeJob.plan(spark, file);
            out().printf("%d probes at %d places%n", job.probes(), job.places());
            out().flush();
            summary = job.run(existing(), this::show);
        } catch (IllegalArgumentException e) {
            throw new UsageException(path + ": " + e.getMessage());
        }
        new ProbeReport(out()).print(summary);
        return summary.failed() == 0 ? 0 : 1;
    }

    private void show(ProbeProgress progress) {
        String left = Double.isNaN(progress.secondsLeft()) || progress.done() == progress.total()
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
