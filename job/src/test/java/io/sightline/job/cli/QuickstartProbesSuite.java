package io.sightline.job.cli;

import static io.sightline.envoy.Index.all;
import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightline.engine.DType;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.envoy.Envoy;
import io.sightline.envoy.Proxy;
import io.sightline.fixtures.Fixtures;
import io.sightline.fixtures.PageCode;
import io.sightline.job.sql.LocalSpark;
import io.sightline.job.sql.query.SqlSession;
import io.sightline.trace.LanguageModel;
import io.sightline.trace.Tracer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scalatestplus.junit5.JUnitSuite;

/** {@code run}, {@code probe} and {@code report} one after the other on the quickstart's prompts, and the code of docs/PROBES.md on what they wrote. */
public class QuickstartProbesSuite extends JUnitSuite {
    private static final Path CONF = Fixtures.repositoryPath("conf/quickstart");

    private static Path folder;
    private static String run;
    private static String probes;
    private static Sightline trained;

    @BeforeAll
    static void runAndProbe() throws IOException {
        folder = Files.createTempDirectory("sightline-quickstart-probes-");
        run = folder.resolve("run").toString();
        probes = folder.resolve("probes").toString();
        Path prompts = folder.resolve("prompts.jsonl");
        try (Stream<String> lines = Files.lines(CONF.resolve("prompts.jsonl"))) {
            Files.write(
                    prompts,
                    lines.filter(line -> line.matches(".*\"task\": \"(sentiment|agreement)\".*|.*induction-00.*"))
                            .toList());
        }
        List<Object> arguments = new ArrayList<>(List.of("run", CONF.resolve("job.yaml"), "--master", "local[2]"));
        Map<String, Object> settings = Map.of(
                "model.path",
                CONF.resolve("model"),
                "prompts.path",
                prompts,
                "graph",
                CONF.resolve("graph.json"),
                "output.path",
                run);
        settings.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        Sightline extracted = Sightline.run(arguments.toArray());
        assertThat(extracted.code()).as(extracted.said()).isZero();
        Path yaml = folder.resolve("probe.yaml");
        Files.writeString(
                yaml,
                Files.readString(CONF.resolve("probe.yaml"))
                        .replace("output: out/quickstart-probes", "output: " + probes)
                        .replace("run: out/quickstart", "run: " + run)
                        .replace("kinds: logistic", "kinds: [logistic, mean_difference]"));
        trained = Sightline.run("probe", yaml, "--master", "local[2]");
    }

    @AfterAll
    static void deleteFolder() {
        FileUtils.deleteQuietly(folder.toFile());
    }

    private static Sightline report(Object... arguments) {
        return Sightline.run(Stream.concat(Stream.of("report", "--master", "local[2]"), Stream.of(arguments))
                .toArray());
    }

    private static JsonNode figures(Path page) throws IOException {
        Matcher data = Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL)
                .matcher(Files.readString(page));
        assertThat(data.find()).isTrue();
        return new ObjectMapper().readTree(data.group(1));
    }

    @Test
    void sentimentAndNumberAreReadableInTheLastLayerAndTheControlTaskIsAtChance() {
        assertThat(trained.code()).as(trained.said()).isZero();
        Sightline answer = Sightline.run(
                "sql",
                "--master",
                "local[2]",
                "--format",
                "csv",
                probes,
                "SELECT label, accuracy, control_accuracy FROM probes WHERE layer = 5 AND kind = 'logistic' ORDER BY label");
        List<String> lines = answer.out().strip().lines().skip(1).toList();
        assertThat(lines).as(answer.said()).hasSize(2).allSatisfy(line -> {
            String[] cells = line.split(",", -1);
            assertThat(Double.parseDouble(cells[1])).isGreaterThan(0.9);
            assertThat(Double.parseDouble(cells[2])).isBetween(0.25, 0.75);
        });
    }

    /** "Shows nothing that is not in the tables": whoever runs a figure's SQL gets the figure's rows. */
    @Test
    void everyFigureOfTheReportIsTheAnswerToItsSql() throws IOException {
        Path page = folder.resolve("report.html");
        Sightline written = report(run, probes, "--out", page);
        assertThat(written.code()).as(written.said()).isZero();
        assertThat(Files.getPosixFilePermissions(page))
                .isEqualTo(Files.getPosixFilePermissions(Files.createFile(folder.resolve("any-new-file"))));
        JsonNode figures = figures(page);
        assertThat(figures.findValuesAsText("id"))
                .contains(
                        "throughput",
                        "norms-resid",
                        "positions-induction",
                        "similar-resid",
                        "values-plain_top1",
                        "differ-task-edited_top1-plain_top1",
                        "differ-edited_top1-plain_top1",
                        "probe-accuracy-sentiment")
                .doesNotHaveDuplicates()
                .doesNotContain("errors");
        for (String directory : List.of(run, probes)) {
            try (SqlSession session = SqlSession.open("local[2]", List.of(directory))) {
                for (JsonNode figure : figures) {
                    if (figure.get("source").asText().equals(directory)) {
                        assertThat(session.sql(figure.get("sql").asText()).collectAsList().stream()
                                        .map(QuickstartProbesSuite::texts))
                                .as(figure.get("id").asText())
                                .isEqualTo(rows(figure));
                    }
                }
            }
        }
    }

    private static List<String> texts(Row row) {
        return IntStream.range(0, row.size())
                .mapToObj(i -> String.valueOf(row.get(i)))
                .toList();
    }

    private static List<List<String>> rows(JsonNode figure) {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode row : figure.get("rows")) {
            List<String> cells = new ArrayList<>();
            row.forEach(cell -> cells.add(cell.asText()));
            rows.add(cells);
        }
        return rows;
    }

    @Test
    void aReportNeedsNoProbesAndDrawsAPictureOfEveryFigure() throws IOException {
        assumeTrue(
                Stream.of("chromium", "chromium-browser", "google-chrome")
                        .anyMatch(name -> Files.isExecutable(Path.of("/usr/bin", name))),
                "no Chromium installed");
        Path page = folder.resolve("pictures.html");
        Path pictures = folder.resolve("pictures");
        Sightline written = report(run, "--out", page, "--png", pictures);
        assertThat(written.code()).as(written.said()).isZero();
        List<String> ids = figures(page).findValuesAsText("id");
        assertThat(ids).isNotEmpty().noneMatch(id -> id.startsWith("probe-"));
        assertThat(pictures.toFile().list())
                .containsExactlyInAnyOrderElementsOf(
                        ids.stream().map(id -> id + ".png").toList());
    }

    @Test
    void namesWithMarkupAreShownAsTextAndSeveralProbeDirectoriesAreToldApart() throws IOException {
        Path marked = folder.resolve("<b>run & 'co'");
        FileUtils.copyDirectory(Path.of(run).toFile(), marked.toFile());
        Path manifest = marked.resolve("manifest.json");
        Files.writeString(
                manifest,
                Files.readString(manifest).replaceFirst("(\"name\"\\s*:\\s*)\"quickstart\"", "$1\"</title><i>x\""));
        Path other = folder.resolve("<b>probes");
        FileUtils.copyDirectory(Path.of(probes).toFile(), other.toFile());
        Path page = folder.resolve("marked.html");
        Sightline written = report(marked, probes, other, "--out", page);
        assertThat(written.code()).as(written.said()).isZero();
        assertThat(Files.readString(page))
                .contains("<title>Run &lt;/title&gt;&lt;i&gt;x</title>", "&lt;b&gt;run &amp; 'co'")
                .doesNotContain("<b>run")
                .doesNotContain("<b>probes")
                .doesNotContain("<i>x");
        assertThat(figures(page).findValuesAsText("id"))
                .contains("probe-accuracy-sentiment-1", "probe-accuracy-sentiment-2")
                .doesNotHaveDuplicates();
        assertThat(figures(page).findValuesAsText("source")).contains(marked.toString(), probes, other.toString());
    }

    @Test
    void whatIsNoFinishedRunOrNoProbesIsRefused() throws IOException {
        Path unfinished = Files.createDirectories(folder.resolve("unfinished/activations"));
        FileUtils.copyDirectory(Path.of(run, "activations").toFile(), unfinished.toFile());
        Sightline early = report(unfinished.getParent(), "--out", folder.resolve("none.html"));
        assertThat(early.code()).isEqualTo(2);
        assertThat(early.err()).contains("has no manifest.json", "--resume");
        Sightline wrong = report(run, run, "--out", folder.resolve("none.html"));
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("has no table 'probes'");
        Sightline gone = report(folder.resolve("gone"), "--out", folder.resolve("none.html"));
        assertThat(gone.code()).isEqualTo(2);
        assertThat(gone.err()).contains("there is no directory");
        assertThat(folder.resolve("none.html")).doesNotExist();
    }

    @Test
    void aDirectoryAsPageAndProbesOfAnotherRunAreRefusedBeforeAnythingIsAsked() throws IOException {
        Sightline onDirectory = report(run, "--out", folder);
        assertThat(onDirectory.code()).isEqualTo(2);
        assertThat(onDirectory.err()).contains("--out: ", "is a directory", "report.html");
        Path other = folder.resolve("other-run");
        FileUtils.copyDirectory(Path.of(run).toFile(), other.toFile());
        Path manifest = other.resolve("manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replaceFirst("\"float32\"", "\"float16\""));
        Sightline mixed = report(other, probes, "--out", folder.resolve("mixed.html"));
        assertThat(mixed.code()).as(mixed.said()).isEqualTo(2);
        assertThat(mixed.err()).contains("holds probes of another run", run, other.toString());
        assertThat(folder.resolve("mixed.html")).doesNotExist();
    }

    @Test
    void aDirectionSteersTheModel() {
        try (LocalSpark local = LocalSpark.start();
                LanguageModel model = LanguageModel.open(CONF.resolve("model"))) {
            SparkSession spark = local.session();
            String prompt = "<|endoftext|>Lucy said the film was boring and left feeling";
            String word;
            // [steering]
            Row row = spark.read()
                    .parquet(probes + "/directions")
                    .where("label = 'sentiment' and class = 'positive' and kind = 'mean_difference' and layer = 3")
                    .first();
            double[] w = row.<Float>getList(row.fieldIndex("w")).stream()
                    .mapToDouble(x -> x)
                    .toArray();
            Envoy block = model.get(row.getAs("module")); // transformer.h.3
            try (Scope scope = Scope.open()) {
                Tensor step = Tensor.of(w, w.length).to(DType.FLOAT32).mul(1.5);
                Proxy next;
                try (Tracer trace = model.trace(prompt)) {
                    block.output().get(0).at(all(), -1).change(hidden -> hidden.add(step));
                    next = model.get("lm_head")
                            .output()
                            .get(all(), -1)
                            .argmax(-1)
                            .save();
                    trace.run();
                }
                word = model.tokenizer().decode(next.tensor().toLongArray()); // " happy", not " sad"
            }
            // [end]
            assertThat(word).isEqualTo(" happy");
        }
    }

    @Test
    void mllibFitsOnTheSameRows() {
        try (LocalSpark local = LocalSpark.start()) {
            SparkSession spark = local.session();
            // [mllib]
            Dataset<Row> train = spark.read()
                    .parquet(run + "/activations")
                    .where("name = 'resid' and layer = 3")
                    .join(
                            spark.read().parquet(probes + "/splits").where("label = 'sentiment' and part = 'train'"),
                            "prompt_id")
                    .selectExpr("vector", "cast(value = 'positive' as double) as label")
                    .withColumn("features", array_to_vector(col("vector")));
            double c = 0.1; // what a probe with standardize: false has as regularization
            LogisticRegressionModel fitted = new LogisticRegression()
                    .setRegParam(1 / (c * train.count()))
                    .setStandardization(false)
                    .fit(train);
            // [end]
            assertThat(fitted.coefficients().size()).isEqualTo(128);
            double right = fitted.transform(train).where("prediction = label").count();
            double ours = spark.read()
                    .parquet(probes + "/probes")
                    .where("label = 'sentiment' and layer = 3 and kind = 'logistic'")
                    .first()
                    .getAs("train_accuracy");
            assertThat(right / train.count()).isCloseTo(ours, within(0.05));
        }
    }

    @Test
    void theJavaOfThePageIsWhatRunsHere() throws IOException {
        String here = "job/src/test/java/io/sightline/job/cli/QuickstartProbesSuite.java";
        Map<String, String> shown = PageCode.shown("docs/PROBES.md");
        assertThat(shown).isEqualTo(PageCode.tested(here)).hasSize(2);
        assertThat(Files.readString(Fixtures.repositoryPath("docs/PROBES.md")).split("```java", -1))
                .as("java blocks without a name")
                .hasSize(shown.size() + 1);
    }
}
