package io.sightline.job.cli;

import io.sightline.job.config.JobFile;
import io.sightline.job.config.JobFileReader;
import io.sightline.job.run.Extraction;
import io.sightline.job.run.OutputMode;
import io.sightline.job.run.RunSummary;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code run JOB.yaml}. */
@Command(
        name = "run",
        description =
                "Extracts activations: reads prompts, runs the model with the intervention graph, writes the tables.",
        footer = {
            "",
            "Relative paths in the job file are relative to the working directory.",
            "Example: sightline run conf/quickstart/job.yaml --set batch.max_size=8 --overwrite"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "JOB.yaml", description = "The job file.")
    private String jobFile;

    @Option(
            names = "--set",
            paramLabel = "key=value",
            description =
                    "Sets a key of the job file; the value is read as YAML. May be repeated: --set capture[0].tokens=last")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Mixin
    private SparkOptions spark;

    @Option(
            names = "--dry-run",
            description = "Prints the plan (model, captures, rows, bytes on disk, batches) and writes nothing.")
    private boolean dryRun;

    @ArgGroup(exclusive = true)
    private @Nullable Existing existing;

    /** What to do about an output directory that exists. */
    private static final class Existing {
        @Option(names = "--resume", description = "Goes on with an unfinished run of the same job.")
        private boolean resume;

        @Option(names = "--overwrite", description = "Replaces the run in the output directory.")
        @SuppressWarnings("UnusedVariable") // it is what is meant where an option is given that is not --resume
        private boolean overwrite;
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        JobFile job = JobFileReader.read(text(), settings);
        SparkConf conf = spark.conf();
        Configuration hadoop = SparkHadoopUtil.get().newConfiguration(conf);
        if (!dryRun) {
            checkWritable(job.output().path(), hadoop);
        }
        try (Extraction extraction = Extraction.prepare(job, mode(), hadoop, SparkSessions.taskPlace(conf));
                SparkSession session = SparkSessions.open(job.name(), conf)) {
            Extraction.Planned planned = extraction.plan(session);
            planned.warnings().forEach(warning -> err.println("sightline: warning: " + warning));
            if (dryRun) {
                DryRunPrinter.print(planned.estimate(), job, out);
            } else {
                try (ProgressPrinter progress = new ProgressPrinter(err)) {
                    RunSummary summary = planned.run(progress);
                    progress.close();
                    SummaryPrinter.print(summary, job, BadPrompts.counted(summary, session), out);
                }
            }
            out.flush();
            return 0;
        }
    }

    private OutputMode mode() {
        if (dryRun && existing == null) {
            return OutputMode.OVERWRITE; // a dry run touches nothing, so an output that exists does not matter
        }
        return existing == null ? OutputMode.CREATE : existing.resume ? OutputMode.RESUME : OutputMode.OVERWRITE;
    }

    /** An output that can't be written to should not cost the time it takes to load a model. Remote file systems show it when the run begins. */
    private static void checkWritable(String output, Configuration hadoop) {
        Path path;
        try {
            path = new Path(output);
            if (!(path.getFileSystem(hadoop) instanceof LocalFileSystem)) {
                return;
            }
        } catch (IOException | IllegalArgumentException e) {
            return; // the job's own checks say what is wrong with it
        }
        java.nio.file.Path directory = java.nio.file.Path.of(path.toUri().getPath());
        if (!Files.exists(directory) || Files.isDirectory(directory)) {
            FileProblems.checkWritable("output.path", directory);
        }
    }

    private String text() {
        Path path = new Path(jobFile);
        try {
            FileSystem files = path.getFileSystem(SparkHadoopUtil.get().newConfiguration(new SparkConf()));
            if (files.getFileStatus(path).isDirectory()) {
                throw new UsageException(
                        jobFile + " is a directory; expected a job file, such as " + jobFile + "/job.yaml");
            }
            try (var in = files.open(path)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (FileNotFoundException e) {
            throw new UsageException("no such job file: " + jobFile);
        } catch (IOException e) {
            throw new UsageException("cannot read the job file " + jobFile + ": " + e.getMessage());
        }
    }
}
