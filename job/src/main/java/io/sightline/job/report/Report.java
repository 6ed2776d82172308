package io.sightline.job.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightline.files.UnfinishedFile;
import io.sightline.job.sql.query.ReadableRun;
import io.sightline.job.sql.query.RunViews;
import io.sightline.job.sql.query.SqlSession;
import io.sightline.job.table.Manifest;
import io.sightline.job.table.RunDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.SparkSession;

/** A run, and probes trained on it, as one HTML page. */
public final class Report {
    private static final String PROBES = "probes";

    private final String html;
    private final List<Figure> figures;

    private Report(String html, List<Figure> figures) {
        this.html = html;
        this.figures = figures;
    }

    /**
     * Checks that the directories hold a finished run and probes of it, which needs no Spark.
     *
     * @throws IllegalArgumentException as {@link #of}
     */
    public static void checkReadable(String run, List<String> probes, Configuration hadoop) throws IOException {
        if (ReadableRun.at(run, hadoop).filled().containsKey(PROBES)) {
            throw new IllegalArgumentException(
                    run + " is the output of a probe; give the run that it was trained on first, and it second");
        }
        manifest(run, hadoop);
        JsonNode identity = json(RunDirectory.of(run), hadoop).path("identity");
        for (String directory : probes) {
            probeTables(directory, hadoop);
            checkTrainedOn(run, identity, directory, hadoop);
        }
    }

    private static ReadableRun probeTables(String directory, Configuration hadoop) {
        ReadableRun tables = ReadableRun.at(directory, hadoop);
        if (!tables.filled().containsKey(PROBES)) {
            throw new IllegalArgumentException(
                    directory + " has no table '" + PROBES + "'; give the output of `sightline probe`");
        }
        return tables;
    }

    /** A run that was not finished when it was probed has no identity in the probes' manifest, only a path. */
    private static void checkTrainedOn(String run, JsonNode identity, String probes, Configuration hadoop)
            throws IOException {
        List<String> others = new ArrayList<>();
        for (JsonNode trained : json(RunDirectory.of(probes), hadoop).path("runs")) {
            String path = trained.path("path").asText();
            boolean same = trained.has("identity")
                    ? trained.path("identity").equals(identity)
                    : RunDirectory.of(path).root().equals(RunDirectory.of(run).root());
            if (same) {
                return;
            }
            others.add(path);
        }
        if (!others.isEmpty()) {
            throw new IllegalArgumentException(
                    probes + " holds probes of another run (" + String.join(", ", others) + "), not of the run that "
                            + run + " holds now; give their run's directory, or train them again on this one");
        }
    }

    /**
     * Asks all questions.
     *
     * @param session has the views of {@code run} alone
     * @param run a run directory: path or Hadoop URI
     * @param probes probe directories
     * @throws IllegalArgumentException if {@code run} has no manifest, or one of {@code probes} no probes or those of another run
     */
    public static Report of(SqlSession session, String run, List<String> probes) throws IOException {
        SparkSession spark = session.spark();
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        Manifest manifest = manifest(run, hadoop);
        RunContents contents = RunContents.of(spark);
        List<Figure> figures = new ArrayList<>();
        new RunQuestions(spark, contents).figures().forEach(figure -> figures.add(figure.about(run)));
        new ValueQuestions(spark, contents).figures().forEach(figure -> figures.add(figure.about(run)));
        for (int i = 0; i < probes.size(); i++) {
            String directory = probes.get(i);
            int number = i + 1;
            new RunViews(spark).register(probeTables(directory, hadoop));
            for (Figure figure : new ProbeQuestions(spark).figures()) {
                figures.add(probes.size() == 1 ? figure.about(directory) : figure.aboutOneOfSeveral(directory, number));
            }
        }
        figures.removeIf(Figure::isEmpty);
        List<Map.Entry<String, String>> facts = RunFacts.of(run, manifest);
        return new Report(ReportPage.html("Run " + manifest.name(), facts, figures), figures);
    }

    private static JsonNode json(RunDirectory directory, Configuration hadoop) throws IOException {
        try (FSDataInputStream in = directory.fileSystem(hadoop).open(directory.manifest())) {
            return new ObjectMapper().readTree((InputStream) in);
        }
    }

    private static Manifest manifest(String run, Configuration hadoop) throws IOException {
        RunDirectory directory = RunDirectory.of(run);
        FileSystem files = directory.fileSystem(hadoop);
        if (!files.exists(directory.manifest())) {
            throw new IllegalArgumentException(run
                    + " has no manifest.json: the run has not finished; `sightline run … --resume`" + " finishes it");
        }
        try (FSDataInputStream in = files.open(directory.manifest())) {
            return Manifest.fromJson(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(directory.manifest() + " is " + e.getMessage(), e);
        }
    }

    public int figureCount() {
        return figures.size();
    }

    /** Writes the page; whoever reads {@code target} meanwhile sees the old one or the new one. */
    public void write(Path target) throws IOException {
        Path absolute = target.toAbsolutePath();
        Files.createDirectories(absolute.getParent());
        try (UnfinishedFile page = UnfinishedFile.of(absolute)) {
            Files.writeString(page.path(), html);
            page.finish();
        }
    }

    /**
     * Writes a PNG of each figure of a written page.
     *
     * @return the files; empty where no Chromium is installed
     */
    public Optional<List<Path>> writePictures(Path page, Path folder) throws IOException {
        Optional<Pictures> browser = Pictures.find();
        if (browser.isEmpty()) {
            return Optional.empty();
        }
        Files.createDirectories(folder);
        List<String> ids = figures.stream().map(Figure::id).toList();
        List<Path> written = browser.get().takeFigures(page.toAbsolutePath(), ids, folder);
        return Optional.of(written);
    }
}
