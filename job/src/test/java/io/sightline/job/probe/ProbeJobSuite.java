package io.sightline.job.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sightline.job.config.ConfigException;
import io.sightline.job.sql.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scalatestplus.junit5.JUnitSuite;

/** Whole probe jobs on a small run, held against MLlib and against equations solved here. */
public class ProbeJobSuite extends JUnitSuite {
    private static final String LAYER_0 = "captures: [{ name: resid, layers: [0] }]";
    private static final String ONE_STRENGTH = "regularization: { c: [1.0], alpha: [10.0], shrinkage: [0.1] }";
    private static final String QUICK = "bootstrap: { resamples: 50 }";

    private static final String[] EVERY_KIND = {
        LAYER_0,
        "labels: [{ column: noisy }]",
        "kinds: [logistic, ridge, mean_difference, nearest_centroid, lda]",
        ONE_STRENGTH
    };
    private static final String[] NOT_STANDARDISED = {
        LAYER_0,
        "labels: [{ column: noisy }, { column: score }]",
        "standardize: false",
        "split: { validation: 0, test: 0.25 }",
        "regularization: { c: [0.05], alpha: [10] }"
    };
    private static final Map<List<String>, Path> SHARED = new HashMap<>();

    private static LocalSpark spark;
    private static Path directory;
    private static int outputs;

    @BeforeAll
    static void writeARun() {
        spark = LocalSpark.start();
        directory = spark.directory();
        ProbeRun.write(spark, directory.resolve("run"));
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    private static String yaml(Path output, String... lines) {
        return String.join(
                "\n", "run: " + directory.resolve("run"), "output: " + output, QUICK, String.join("\n", lines));
    }

    private static Path train(String... lines) {
        Path output = directory.resolve("probes-" + outputs++);
        ProbeJob.plan(spark.session(), ProbeFileReader.read(yaml(output, lines)))
                .run(ProbeJob.Existing.REFUSE, progress -> {});
        return output;
    }

    /** Trained once for all tests that look at it. */
    private static Path trained(String[] lines) {
        return SHARED.computeIfAbsent(List.of(lines), key -> train(lines));
    }

    private static Dataset<Row> table(Path output, String name) {
        return spark.session().read().parquet(output.resolve(name).toString());
    }

    private static List<Row> comparable(Path output, String table) {
        return table(output, table).drop("seconds").orderBy("probe_id").collectAsList();
    }

    private static Map<String, double[]> directions(Path output) {
        return table(output, "directions").collectAsList().stream()
                .collect(Collectors.toMap(
                        row -> row.getAs("probe_id") + "/" + row.getAs("class"),
                        row -> Stream.concat(
                                        row.<Float>getList(row.fieldIndex("w")).stream()
                                                .map(Float::doubleValue),
                                        Stream.of(row.<Double>getAs("bias")))
                                .mapToDouble(x -> x)
                                .toArray()));
    }

    private static double distance(double[] a, double[] b) {
        return new ArrayRealVector(a).subtract(new ArrayRealVector(b)).getNorm() / new ArrayRealVector(b).getNorm();
    }

    /** The rows of layer 0 whose prompts {@code label} uses for {@code part}. */
    private static Dataset<Row> rows(Path output, String label, String part) {
        return table(directory.resolve("run"), "activations")
                .where("layer = 0")
                .join(table(output, "splits").where("label = '" + label + "' and part = '" + part + "'"), "prompt_id")
                .coalesce(1);
    }

    @Test
    void logisticRegressionAgreesWithMLlibAtEqualRegularisation() {
        Path output = trained(NOT_STANDARDISED);
        Row probe = table(output, "probes").where("label = 'noisy'").first();
        double[] ours = directions(output).get(probe.getAs("probe_id") + "/yes");
        Dataset<Row> train = features(rows(output, "noisy", "train"));
        LogisticRegressionModel theirs = new LogisticRegression()
                .setRegParam(1 / (0.05 * train.count()))
                .setStandardization(false)
                .setTol(1e-12)
                .setMaxIter(1000)
                .fit(train);
        double[] weights = new ArrayRealVector(theirs.coefficients().toArray())
                .append(theirs.intercept())
                .toArray();
        assertThat(distance(ours, weights)).isLessThan(1e-2);
        Dataset<Row> test = theirs.transform(features(rows(output, "noisy", "test")));
        double accuracy = (double) test.where("prediction = label").count() / test.count();
        assertThat(probe.<Double>getAs("accuracy"))
                .isCloseTo(accuracy, within(0.005))
                .isGreaterThan(0.6);
        assertThat(probe.<Double>getAs("accuracy_low")).isLessThan(probe.<Double>getAs("accuracy"));
        assertThat(probe.<Double>getAs("control_accuracy")).isCloseTo(0.5, within(0.1));
    }

    private static Dataset<Row> features(Dataset<Row> rows) {
        return rows.select(
                functions.array_to_vector(rows.col("vector")).as("features"),
                rows.col("value").equalTo("yes").cast("double").as("label"));
    }

    @Test
    void aDirectionIsUsableAtOnceInSql() {
        Path output = trained(EVERY_KIND);
        rows(output, "noisy", "test").createOrReplaceTempView("tested");
        table(output, "directions").createOrReplaceTempView("directions");
        for (Row probe : table(output, "probes").collectAsList()) {
            Row measured = spark.session()
                    .sql(
                            "select avg(cast((dot(vector, w) + bias > 0) = (value = 'yes') as double)) from tested cross join"
                                    + " directions where class = 'yes' and probe_id = '" + probe.getAs("probe_id")
                                    + "'")
                    .first();
            assertThat(probe.<Double>getAs("accuracy"))
                    .as(probe.<String>getAs("kind"))
                    .isCloseTo(measured.getDouble(0), within(0.005));
        }
    }

    @Test
    void ridgeAgreesWithTheClosedForm() {
        Path output = trained(NOT_STANDARDISED);
        List<Row> train = rows(output, "score", "train").collectAsList();
        RealMatrix x = new Array2DRowRealMatrix(train.size(), ProbeRun.WIDTH);
        ArrayRealVector y = new ArrayRealVector(train.size());
        for (int i = 0; i < train.size(); i++) {
            List<Float> vector = train.get(i).getList(train.get(i).fieldIndex("vector"));
            for (int f = 0; f < ProbeRun.WIDTH; f++) {
                x.setEntry(i, f, vector.get(f));
            }
            y.setEntry(i, Double.parseDouble(train.get(i).getAs("value")));
        }
        double[] means = new double[ProbeRun.WIDTH];
        for (int f = 0; f < ProbeRun.WIDTH; f++) {
            means[f] = Arrays.stream(x.getColumn(f)).average().orElseThrow();
            x.setColumnVector(f, x.getColumnVector(f).mapSubtract(means[f]));
        }
        RealMatrix a = x.transpose()
                .multiply(x)
                .add(MatrixUtils.createRealIdentityMatrix(ProbeRun.WIDTH).scalarMultiply(10));
        double mean = Arrays.stream(y.toArray()).average().orElseThrow();
        ArrayRealVector w = (ArrayRealVector)
                new LUDecomposition(a).getSolver().solve(x.transpose().operate(y.mapSubtract(mean)));
        double bias = mean - w.dotProduct(new ArrayRealVector(means));
        Row probe = table(output, "probes").where("label = 'score'").first();
        double[] ours = directions(output).get(probe.getAs("probe_id") + "/" + "null");
        assertThat(distance(ours, w.append(bias).toArray())).isLessThan(1e-5);
        assertThat(probe.<Double>getAs("r2")).isGreaterThan(0.8);
    }

    @Test
    void promptsWithTheSameTextNeverStraddleASplitOrAFold() {
        Path output = train(
                LAYER_0,
                "labels: [{ column: noisy }, { column: many }, { column: score }]",
                "split: { folds: 3 }",
                ONE_STRENGTH,
                "kinds: ridge");
        List<Row> counts = table(output, "splits")
                .join(table(directory.resolve("run"), "prompts").select("prompt_id", "text"), "prompt_id")
                .groupBy("label", "text")
                .agg(
                        org.apache
                                .spark
                                .sql
                                .functions
                                .countDistinct("part", "fold")
                                .as("folds"),
                        org.apache.spark.sql.functions.countDistinct("part").as("parts"),
                        org.apache.spark.sql.functions.count("*").as("prompts"))
                .collectAsList();
        assertThat(counts).filteredOn(row -> row.getLong(4) == 2).hasSize(3 * 200);
        assertThat(counts).allSatisfy(row -> {
            assertThat(row.<Long>getAs("parts")).isEqualTo(1);
            assertThat(row.<Long>getAs("folds")).isLessThanOrEqualTo(1);
        });
    }

    @Test
    void theSameSeedGivesExactlyTheSameAndAnotherSeedAnotherSplit() {
        String[] lines = {
            LAYER_0,
            "labels: [{ column: noisy }]",
            "kinds: [logistic, lda]",
            "regularization: { c: [0.1, 1], shrinkage: [0.1, 0.5] }"
        };
        Path first = train(Stream.concat(Stream.of(lines), Stream.of("seed: 3")).toArray(String[]::new));
        Path second =
                train(Stream.concat(Stream.of(lines), Stream.of("seed: 3")).toArray(String[]::new));
        Path other = train(Stream.concat(Stream.of(lines), Stream.of("seed: 4")).toArray(String[]::new));
        assertThat(comparable(second, "probes")).isEqualTo(comparable(first, "probes"));
        assertThat(directions(second)).usingRecursiveComparison().isEqualTo(directions(first));
        assertThat(table(second, "splits").except(table(first, "splits")).count())
                .isZero();
        assertThat(table(other, "splits").except(table(first, "splits")).count())
                .isPositive();
    }

    @Test
    void fittingByDistributedSumsGivesTheSameWithinAThousandth() {
        Path local = trained(EVERY_KIND);
        Path distributed = train(Stream.concat(Stream.of(EVERY_KIND), Stream.of("fit: { local_limit_mb: 0 }"))
                .toArray(String[]::new));
        assertThat(table(local, "probes").where("fitted = 'local'").count()).isEqualTo(5);
        assertThat(table(distributed, "probes").where("fitted = 'distributed'").count())
                .isEqualTo(5);
        Map<String, double[]> expected = directions(local);
        directions(distributed)
                .forEach((id, w) ->
                        assertThat(distance(w, expected.get(id))).as(id).isLessThan(1e-3));
    }

    @Test
    void scansAndShufflesBringTheSameRowsToTheSamePartitions() {
        RunTables run = RunTables.open(
                spark.session(), 0, "run", directory.resolve("run").toString());
        List<Cell> cells = run.cells(List.of());
        ActivationRows rows = new ActivationRows(spark.session(), List.of(run.activations()));
        List<List<Row>> scanned = rows.scanned(cells).toJavaRDD().glom().collect();
        assertThat(scanned).hasSize(2).satisfies(parts -> {
            assertThat(parts.get(0)).hasSize(ProbeRun.PROMPTS);
            assertThat(parts.get(1)).hasSize(2 * ProbeRun.PROMPTS);
        });
        assertThat(rows.shuffled(cells).toJavaRDD().glom().collect()).isEqualTo(scanned);
    }

    @Test
    void poolingTakesTheRowItNames() {
        Path output = train(
                "captures: [{ name: resid, layers: [1] }]",
                "pooling: [last, first, mean, as_stored]",
                "labels: [{ column: separable }]",
                ONE_STRENGTH);
        Map<String, Double> accuracy = table(output, "probes").collectAsList().stream()
                .collect(Collectors.toMap(row -> row.getAs("pooling"), row -> row.getAs("accuracy")));
        assertThat(accuracy.get("last")).isGreaterThan(0.97);
        assertThat(accuracy.get("mean")).isGreaterThan(0.97);
        assertThat(accuracy.get("first")).isLessThan(0.6);
        assertThat(accuracy.get("as_stored")).isBetween(0.6, 0.85);
        Row stored = table(output, "probes").where("pooling = 'as_stored'").first();
        assertThat(stored.<Long>getAs("n_train") + stored.<Long>getAs("n_validation") + stored.<Long>getAs("n_test"))
                .isEqualTo(2L * ProbeRun.PROMPTS);
    }

    @Test
    void everyAwkwardLabelIsARowOfItsOwnAndBreaksNoOther() {
        Path output = train(
                LAYER_0,
                "labels: [{ column: noisy }, { column: separable }, { column: lonely }, { column: nothing }, { column: three },"
                        + " { column: many, task: multiclass }, { column: score, where: n_tokens > 5, name: none_left }]",
                "kinds: logistic",
                ONE_STRENGTH);
        Map<String, Row> probes = table(output, "probes").collectAsList().stream()
                .collect(Collectors.toMap(row -> row.getAs("label"), row -> row));
        assertThat(probes).hasSize(7);
        assertThat(probes.values()).noneMatch(row -> row.getAs("status").equals("failed"));
        assertThat(probes.get("separable").<Double>getAs("accuracy")).isGreaterThan(0.97);
        assertThat(probes.get("many").<String>getAs("status"))
                .as(probes.get("many").<String>getAs("message"))
                .isEqualTo("ok");
        assertThat(probes.get("many").getList(probes.get("many").fieldIndex("classes")))
                .hasSizeGreaterThan(300);
        assertThat(probes.get("lonely").<String>getAs("status")).isEqualTo("ok");
        assertThat(probes.get("lonely").<String>getAs("message")).contains("alone");
        assertThat(probes.get("nothing").<String>getAs("message")).contains("no prompt has a value");
        assertThat(probes.get("none_left").<String>getAs("status")).isEqualTo("refused");
        assertThat(probes.get("three").<String>getAs("status")).isEqualTo("refused");
        assertThat(probes.get("three").<String>getAs("message")).contains("too few to divide");
        Row alone =
                table(trained(EVERY_KIND), "probes").where("kind = 'logistic'").first();
        assertThat(probes.get("noisy").<Double>getAs("accuracy")).isEqualTo(alone.<Double>getAs("accuracy"));
    }

    /** Both positives of 202 prompts are trained on: a test on negatives alone would give an accuracy of 1. */
    @Test
    void aLabelWhoseTestPartHasOneClassIsRefused() {
        Path output = train(LAYER_0, "labels: [{ column: rare }]", "kinds: logistic", ONE_STRENGTH);
        Row probe = table(output, "probes").first();
        assertThat(probe.<String>getAs("status")).isEqualTo("refused");
        assertThat(probe.<String>getAs("message")).contains("hold only class 'no'", "split.test");
        assertThat(table(output, "splits")
                        .where("value = 'yes' and part <> 'train'")
                        .count())
                .isZero();
    }

    @Test
    void anOutputThatExistsIsRefusedAndReplacedOnlyIfItHoldsProbes() throws IOException {
        String[] lines = {LAYER_0, "labels: [{ column: noisy }]", ONE_STRENGTH};
        Path output = train(lines);
        ProbeJob job = ProbeJob.plan(spark.session(), ProbeFileReader.read(yaml(output, lines)));
        assertThatThrownBy(() -> job.run(ProbeJob.Existing.REFUSE, progress -> {}))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("exists")
                .hasMessageContaining("--overwrite");
        Path killed = Files.createDirectory(directory.resolve("." + output.getFileName() + ".0123.staging"));
        assertThat(job.run(ProbeJob.Existing.OVERWRITE, progress -> {}).ok()).isEqualTo(1);
        assertThat(killed).as("what a killed job left").doesNotExist();
        Path precious = Files.createDirectory(directory.resolve("precious"));
        Files.writeString(precious.resolve("thesis.txt"), "…");
        ProbeJob wrong = ProbeJob.plan(spark.session(), ProbeFileReader.read(yaml(precious, lines)));
        assertThatThrownBy(() -> wrong.run(ProbeJob.Existing.OVERWRITE, progress -> {}))
                .hasMessageContaining("is not a probe output");
        assertThat(precious.resolve("thesis.txt")).exists();
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).noneMatch(path -> path.toString().endsWith(".staging"));
        }
    }

    @Test
    void whatIsNotThereIsNamedWithWhatIs() {
        String elsewhere = "run: " + directory.resolve("nowhere") + "\noutput: out\nlabels: [{ column: noisy }]";
        assertThatThrownBy(() -> ProbeJob.plan(spark.session(), ProbeFileReader.read(elsewhere)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("nowhere' has no activations/ directory");
        assertThatThrownBy(() -> train("labels: [{ column: nosy }]"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no column 'nosy'")
                .hasMessageContaining("noisy");
        assertThatThrownBy(() -> train("captures: [{ name: residual }]", "labels: [{ column: noisy }]"))
                .hasMessageContaining("no capture named 'residual'")
                .hasMessageContaining("it has resid");
        assertThatThrownBy(() -> train("captures: [{ layers: [7] }]", "labels: [{ column: noisy }]"))
                .hasMessageContaining("[7]")
                .hasMessageContaining("[0, 1]");
        assertThatThrownBy(() -> train("labels: [{ column: noisy, where: nope = 1 }]"))
                .hasMessageContaining("label 'noisy': where")
                .hasMessageContaining("nope");
    }
}
