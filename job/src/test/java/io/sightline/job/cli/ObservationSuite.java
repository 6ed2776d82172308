package io.sightline.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.fixtures.Fixtures;
import io.sightline.job.table.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scalatestplus.junit5.JUnitSuite;

/** What one sees of a run: progress on the console, Spark's metrics, a log line a chunk, the summary. */
public class ObservationSuite extends JUnitSuite {
    private static final String LOGGER = "io.sightline.job.run.ChunkWork";
    private static final Map<String, String> SETTINGS = Map.of(
            "spark.metrics.conf.*.sink.csv.class", "org.apache.spark.metrics.sink.CsvSink",
            "spark.metrics.conf.*.sink.csv.period", "1",
            "spark.metrics.conf.*.sink.csv.unit", "hours");

    private static Path folder;
    private static Sightline run;
    private static Manifest manifest;
    private static final List<String> LINES = new ArrayList<>();

    @BeforeAll
    static void observe() throws IOException {
        folder = Files.createTempDirectory("sightline-observed-");
        Path metrics = Files.createDirectories(folder.resolve("metrics"));
        Path prompts = Files.write(
                folder.resolve("prompts.jsonl"),
                Files.readAllLines(Fixtures.repositoryPath("conf/quickstart/prompts.jsonl"))
                        .subList(0, 120));
        Path job = Files.writeString(
                folder.resolve("job.yaml"),
                "name: observed\nmodel: { path: '" + Fixtures.repositoryPath("conf/quickstart/model")
                        + "' }\nprompts: { path: '" + prompts + "', text: text, id: id }\nchunk: { rows: 40 }\n"
                        + "capture:\n  - { name: resid, module: 'transformer.h.*', tokens: last }\noutput: { path: '"
                        + folder.resolve("out") + "' }\n");
        SETTINGS.forEach(System::setProperty);
        System.setProperty("spark.metrics.conf.*.sink.csv.directory", metrics.toString());
        Lines appender = new Lines();
        appender.start();
        Configurator.setLevel(LOGGER, Level.INFO);
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        context.getLogger(LOGGER).addAppender(appender);
        try {
            run = Sightline.run("run", job, "--master", "local[2]");
        } finally {
            context.getLogger(LOGGER).removeAppender(appender);
            SETTINGS.keySet().forEach(System::clearProperty);
            System.clearProperty("spark.metrics.conf.*.sink.csv.directory");
        }
        assertThat(run.code()).as(run.said()).isZero();
        manifest = Manifest.fromJson(Files.readString(folder.resolve("out/manifest.json")));
    }

    @AfterAll
    static void deleteFolder() {
        FileUtils.deleteQuietly(folder.toFile());
    }

    /** Keeps what is logged. */
    private static final class Lines extends AbstractAppender {
        Lines() {
            super("lines", null, null, true, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            synchronized (LINES) {
                LINES.add(event.getMessage().getFormattedMessage());
            }
        }
    }

    @Test
    void theConsoleShowsProgressWithRateAndTimeLeft() {
        assertThat(run.err().lines().filter(line -> line.contains("%")))
                .isNotEmpty()
                .last()
                .asString()
                .matches("100%  120 of 120 prompts, [0-9,]+ tokens, [0-9,]+ tokens/s");
    }

    @Test
    void sparksMetricsCountWhatWasDone() throws IOException {
        assertThat(metric("prompts")).isGreaterThanOrEqualTo(120);
        assertThat(metric("tokens")).isGreaterThanOrEqualTo(manifest.counts().tokens());
        assertThat(metric("capturedBytes")).isGreaterThanOrEqualTo(120 * 6 * 128 * 4L);
        assertThat(metric("forwardNanos")).isPositive();
        assertThat(metric("batches")).isPositive();
        for (String name : List.of("writerWaitNanos", "splits", "errors")) {
            assertThat(metric(name)).isNotNegative();
        }
    }

    private static long metric(String name) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("metrics"))) {
            Path file = files.filter(path -> path.getFileName()
                            .toString()
                            .endsWith("plugin.io.sightline.job.run.JobPlugin." + name + ".csv"))
                    .findFirst()
                    .orElseThrow();
            List<String> lines = Files.readAllLines(file);
            return Long.parseLong(lines.get(lines.size() - 1).split(",")[1]);
        }
    }

    @Test
    void eachChunkIsOneStructuredLogLine() {
        assertThat(LINES)
                .hasSize(3)
                .allSatisfy(line -> assertThat(line)
                        .matches(
                                "chunk=\\d attempt=\\S+ host=\\S+ device=cpu gpu=none threads=\\d+ prompts=\\d+ errors=0 tokens=\\d+ batches=\\d+ splits=0"
                                        + " activations=\\d+ bytes=\\d+ prepare_ms=\\d+ forward_ms=\\d+ copy_ms=\\d+ writer_wait_ms=\\d+"
                                        + " write_ms=\\d+ total_ms=\\d+"));
    }

    @Test
    void theSummaryAndTheManifestSayHowItWent() {
        assertThat(run.out()).contains("120", "720 rows", "tokens/s", "forward passes", "peak");
        assertThat(manifest.timings().tokensPerSecond()).isPositive();
        assertThat(manifest.timings().details()).containsKeys("forward", "copy", "writer_wait", "prepare", "write");
        assertThat(manifest.environment()).isEqualTo(new Manifest.Environment("float32", "cpu", "sdpa"));
    }
}
