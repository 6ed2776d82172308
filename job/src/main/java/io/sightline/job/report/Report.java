package io.sightline.job.report;

import io.sightline.job.sql.query.ReadableRun;
import io.sightline.job.sql.query.RunViews;
import io.sightline.job.sql.query.SqlSession;
import io.sightline.job.table.Manifest;
import io.sightline.job.table.RunDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;

/** A run, and probes trained on it, as one HTML page. */
public final class Report {
    private final String html;
    private final List<Figure> figures;

    private Report(String html, List<Figure> figures) {
        this.html = html;
        this.figures = figures;
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
            ReadableRun tables = ReadableRun.at(directory, hadoop);
            if (!tables.filled().containsKey("probes")) {
                throw new IllegalArgumentException(
                        directory + " has no table 'probes'; give the output of `sightline probe`");
            }
            new RunViews(session.spark()).register(tables);
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
        }
    }

    public int figureCount() {
        return figures.size();
    }

    /** Writes the page; whoever reads {@code target} meanwhile sees the old one or the new one. */
    public void write(Path target) throws IOException {
        Path absolute = target.toAbsolutePath();
        Files.createDirectories(absolute.getParent());
        // No temporary file of Java's, which nobody else may read.
        Path part = absolute.resolveSibling("." + absolute.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            Files.writeString(part, html);
            Files.move(part, absolute, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
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
