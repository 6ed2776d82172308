package io.sightline.job.report;

import io.sightline.files.UnfinishedFile;
import io.sightline.job.sql.query.ReadableRun;
import io.sightline.job.sql.query.RunViews;
import io.sightline.job.sql.query.SqlSession;
import io.sightline.job.table.Manifest;
import io.sightline.job.table.RunDirectory;
import java.io.IOException;
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
     * Looks whether the directories are what they should be, which needs no Spark.
     *
     * @throws IllegalArgumentException as {@link #of}
     */
    public static void requireReadable(String run, List<String> probes, Configuration hadoop) throws IOException {
        boolean holdsProbes = ReadableRun.at(run, hadoop).filled().containsKey(PROBES);
        if (holdsProbes) {
            throw new IllegalArgumentException(
                    run + " is the output of a probe; give the run that it was trained on first, and it second");
        }
        manifest(run, hadoop);
        probes.forEach(directory -> probeTables(directory, hadoop));
    }

    private static ReadableRun probeTables(String directory, Configuration hadoop) {
        ReadableRun tables = ReadableRun.at(directory, hadoop);
        if (!tables.filled().containsKey(PROBES)) {
            throw new IllegalArgumentException(
                    directory + " has no table '" + PROBES + "'; give the output of `sightline probe`");
        }
        return tables;
    }

    /**
     * Asks all questions.
     *
     * @param session has the views of {@code run} alone
     * @param run a run directory: path or Hadoop URI
     * @param probes probe directories
     * @throws IllegalArgumentException if {@code run} has no manifest, or one of {@code probes} no probes
     */
    public static Report of(SqlSession session, String run, List<String> probes) throws IOException {
        Configuration hadoop = session.spark().sparkContext().hadoopConfiguration();
        Manifest manifest = manifest(run, hadoop);
        List<Figure> figures = new ArrayList<>();
        for (Question question : RunQuestions.ALL) {
            question.ask(session.spark()).forEach(figure -> figures.add(figure.about(run)));
        }
        for (int i = 0; i < probes.size(); i++) {
            String directory = probes.get(i);
            int number = i + 1;
            new RunViews(session.spark()).register(probeTables(directory, hadoop));
            for (Question question : ProbeQuestions.ALL) {
                for (Figure figure : question.ask(session.spark())) {
                    figures.add(
                            probes.size() == 1 ? figure.about(directory) : figure.aboutOneOfSeveral(directory, number));
                }
            }
        }
        figures.removeIf(Figure::isEmpty);
        List<Map.Entry<String, String>> facts = RunFacts.of(run, manifest);
        return new Report(Page.html("Run " + manifest.name(), facts, figures), figures);
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
        List<Path> written = new ArrayList<>();
        for (Figure figure : figures) {
            Path png = folder.resolve(figure.id() + ".png");
            browser.get().take(page.toAbsolutePath(), figure.id(), png);
            written.add(png);
        }
        return Optional.of(written);
    }
}
