package io.sightline.job.probe;

import io.sightline.engine.Torch;
import io.sightline.job.config.ConfigException;
import io.sightline.job.table.RunDirectory;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;

/** Trains the probes of a probe file and writes them. */
public final class ProbeJob {
    /** What to do with an output directory that exists. */
    public enum Existing {
        REFUSE,
        OVERWRITE
    }

    private final SparkSession spark;
    private final ProbeFile file;
    private final List<RunTables> runs = new ArrayList<>();
    private final ArrayList<RunLabels> labels = new ArrayList<>();
    private final List<Cell> cells = new ArrayList<>();
    private final TrainingPlan plan;

    private ProbeJob(SparkSession spark, ProbeFile file) {
        this.spark = spark;
        this.file = file;
        this.plan = TrainingPlan.of(file);
    }

    /**
     * Checks the directories that the file names, which needs no Spark.
     *
     * @throws ConfigException if a run does not exist, or the output directory exists and may not be overwritten
     */
    public static void checkPlaces(ProbeFile file, Existing existing, Configuration hadoop) {
        try {
            for (String run : file.runs().values()) {
                RunDirectory directory = RunDirectory.of(run);
                RunTables.checkRun(directory, directory.fileSystem(hadoop));
            }
            ProbeOutput.checkFree(file.output(), existing, hadoop);
        } catch (IOException e) {
            throw new ConfigException("cannot look at the run or the output: " + e.getMessage(), e);
        }
    }

    /**
     * Looks at the runs and lays out the grid.
     *
     * @throws ConfigException if a run, capture or label that the file names is not there
     */
    public static ProbeJob plan(SparkSession spark, ProbeFile file) {
        ProbeJob job = new ProbeJob(spark, file);
        LabelReader reader = new LabelReader(file);
        file.runs().forEach((name, path) -> {
            RunTables tables = RunTables.open(spark, job.runs.size(), name, path);
            job.runs.add(tables);
            job.cells.addAll(tables.cells(file.captures()));
            job.labels.add(reader.read(name, tables.prompts()));
        });
        return job;
    }

    /** How many probes the grid has. */
    public long probes() {
        return cells.stream()
                .mapToLong(cell -> plan.subjects(cell, labels.get(cell.run())).size())
                .sum();
    }

    /** How many captured places are probed. */
    public int places() {
        return cells.size();
    }

    /**
     * Trains and writes.
     *
     * @param progress called about once a second
     * @throws ConfigException if the output directory exists and is not to be overwritten
     */
    public ProbeSummary run(Existing existing, Consumer<ProbeProgress> progress) {
        try (ProbeOutput output = ProbeOutput.open(spark, file.output(), existing)) {
            Instant started = Instant.now();
            List<ProbeResult> results = train(progress, probes());
            output.write(
                    "probes",
                    ProbeTables.PROBES,
                    results.stream().map(ProbeTables::probe).toList());
            output.write(
                    "directions",
                    ProbeTables.DIRECTIONS,
                    results.stream()
                            .flatMap(r -> ProbeTables.directions(r).stream())
                            .toList());
            output.write(
                    "splits",
                    ProbeTables.SPLITS,
                    labels.stream().flatMap(l -> ProbeTables.splits(l).stream()).toList());
            double seconds = (Instant.now().toEpochMilli() - started.toEpochMilli()) / 1e3;
            ProbeSummary summary = ProbeSummary.of(file.output(), results, seconds);
            output.commit(manifest(summary, started));
            return summary;
        }
    }

    private List<ProbeResult> train(Consumer<ProbeProgress> progress, long total) {
        LongAccumulator finished = spark.sparkContext().longAccumulator("probes finished");
        long started = System.nanoTime();
        Runnable report =
                () -> progress.accept(new ProbeProgress(finished.value(), total, (System.nanoTime() - started) / 1e9));
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(runnable -> {
            Thread thread = new Thread(runnable, "probe-progress");
            thread.setDaemon(true);
            return thread;
        });
        clock.scheduleAtFixedRate(report, 1, 1, TimeUnit.SECONDS);
        try {
            return new GridTraining(spark, file, plan, runs, labels).train(cells, finished);
        } finally {
            clock.shutdownNow();
            report.run();
        }
    }

    private Map<String, Object> manifest(ProbeSummary summary, Instant started) {
        Map<String, Object> manifest = new LinkedHashMap<>();
        manifest.put("format_version", 1);
        manifest.put("content", ProbeOutput.CONTENT);
        manifest.put("status", "complete");
        manifest.put("probe_file", file.yaml());
        manifest.put("seed", file.split().seed());
        manifest.put("runs", runs.stream().map(ProbeJob::described).toList());
        manifest.put("counts", Map.of("ok", summary.ok(), "refused", summary.refused(), "failed", summary.failed()));
        manifest.put("problems", summary.problems());
        manifest.put("started_at", started.toString());
        manifest.put("finished_at", Instant.now().toString());
        manifest.put("seconds", summary.seconds());
        manifest.put("spark", spark.version());
        manifest.put("java", System.getProperty("java.version"));
        manifest.put("libtorch", Torch.version());
        return manifest;
    }

    private static Map<String, Object> described(RunTables run) {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("name", run.name());
        description.put("path", run.path());
        if (!run.manifest().isMissingNode()) {
            description.put("identity", run.manifest().path("identity"));
        }
        return description;
    }
}
