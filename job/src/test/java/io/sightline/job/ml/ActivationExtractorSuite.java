package io.sightline.job.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightline.checkpoint.safetensors.SafetensorsFile;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Torch;
import io.sightline.fixtures.Fixtures;
import io.sightline.job.sql.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scalatestplus.junit5.JUnitSuite;

/** Activations as columns: equal to the references, in pipelines, saved and loaded. */
public class ActivationExtractorSuite extends JUnitSuite {
    private static final String MODEL = Fixtures.path("models/gpt2").toString();
    private static final float TOLERANCE = 2e-4f;

    private static LocalSpark spark;
    private static long tensorsBefore;
    private static List<String> texts;

    @BeforeAll
    static void start() throws IOException {
        tensorsBefore = Torch.liveTensors();
        spark = LocalSpark.start();
        texts = new ArrayList<>();
        json(Fixtures.path("refs/gpt2.json")).get("prompts").forEach(prompt -> texts.add(prompt.textValue()));
    }

    /** Also the test that nothing native is left behind by all the others. */
    @AfterAll
    static void stop() {
        spark.close();
        ActivationExtractor.freeModels();
        assertThat(Torch.liveTensors()).isEqualTo(tensorsBefore);
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    private static ActivationExtractor gpt2(String... modules) {
        return new ActivationExtractor().setModelPath(MODEL).setModules(modules);
    }

    private static Dataset<Row> prompts(String... values) {
        StructType schema = new StructType().add("n", DataTypes.IntegerType).add("text", DataTypes.StringType);
        List<Row> rows = new ArrayList<>();
        for (String value : values) {
            rows.add(RowFactory.create(rows.size(), value));
        }
        return spark.session().createDataFrame(rows, schema);
    }

    private static Dataset<Row> prompts() {
        return prompts(texts.toArray(String[]::new));
    }

    /** The reference's rows of one prompt at its real tokens, {@code [tokens][width]}. */
    private static float[][] reference(String module, int prompt) {
        SafetensorsFile refs = SafetensorsFile.open(Fixtures.path("refs/gpt2.safetensors"));
        try (Scope scope = Scope.open()) {
            Tensor values = refs.tensor("left_pos/" + module);
            long[] mask =
                    refs.tensor("left_pos/attention_mask").select(0, prompt).toLongArray();
            int pads = mask.length - (int) Arrays.stream(mask).sum();
            float[][] rows = new float[mask.length - pads][];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = values.select(0, prompt).select(0, pads + i).toFloatArray();
            }
            return rows;
        }
    }

    private static float[] floats(Row row, String column) {
        List<Float> values = row.getList(row.fieldIndex(column));
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i);
        }
        return floats;
    }

    private static void assertNear(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], within(TOLERANCE + TOLERANCE * Math.abs(expected[i])));
        }
    }

    @Test
    void theLastTokensVectorIsTransformersOne() {
        Dataset<Row> out = gpt2("transformer.h.1").setOutputCol("features").transform(prompts());
        assertThat(out.schema().simpleString())
                .isEqualTo("struct<n:int,text:string,features:array<float>,activations_error:string>");
        List<Row> rows = out.collectAsList();
        assertThat(rows).hasSize(3);
        for (int i = 0; i < rows.size(); i++) {
            float[][] expected = reference("transformer.h.1", i);
            assertThat(rows.get(i).getInt(0)).isEqualTo(i);
            assertThat(rows.get(i).<String>getAs("activations_error")).isNull();
            assertNear(floats(rows.get(i), "features"), expected[expected.length - 1]);
        }
    }

    @Test
    void allTokensGiveAnArrayOfVectorsForEachModuleThatAPatternMatches() {
        Dataset<Row> out = gpt2("transformer.h.*", "transformer.ln_f")
                .setOutputCols("resid", "final")
                .setTokens("all")
                .setHandleInvalid("error")
                .transform(prompts());
        assertThat(out.columns()).containsExactly("n", "text", "resid_0", "resid_1", "resid_2", "final");
        List<Row> tokens = out.select(
                        functions.col("n"),
                        functions.posexplode(functions.col("resid_2")).as(new String[] {"position", "vector"}))
                .collectAsList();
        int seen = 0;
        for (int prompt = 0; prompt < texts.size(); prompt++) {
            for (float[] expected : reference("transformer.h.2", prompt)) {
                assertNear(floats(tokens.get(seen++), "vector"), expected);
            }
        }
        assertThat(tokens).hasSize(seen);
    }

    @Test
    void theMeanIsOverRealTokensAndPositionsCountFromBothEnds() {
        Row mean = gpt2("transformer.h.0")
                .setTokens("mean")
                .transform(prompts())
                .collectAsList()
                .get(1);
        float[][] expected = reference("transformer.h.0", 1);
        float[] average = new float[expected[0].length];
        for (float[] token : expected) {
            for (int i = 0; i < average.length; i++) {
                average[i] += token[i] / expected.length;
            }
        }
        assertNear(floats(mean, "activations"), average);
        Row ends = gpt2("transformer.h.0")
                .setPositions(0, -1, 99)
                .transform(prompts())
                .collectAsList()
                .get(1);
        List<Row> vectors = spark.session()
                .createDataFrame(List.of(ends), ends.schema())
                .select(functions.explode(functions.col("activations")).as("vector"))
                .collectAsList();
        assertThat(vectors).hasSize(2);
        assertNear(floats(vectors.get(0), "vector"), expected[0]);
        assertNear(floats(vectors.get(1), "vector"), expected[expected.length - 1]);
    }

    @Test
    void aColumnOfTokenIdsGivesWhatItsTextGives() {
        SafetensorsFile refs = SafetensorsFile.open(Fixtures.path("refs/gpt2.safetensors"));
        List<Row> rows = new ArrayList<>();
        try (Scope scope = Scope.open()) {
            for (int i = 0; i < texts.size(); i++) {
                long[] ids = refs.tensor("left_pos/input_ids").select(0, i).toLongArray();
                long[] mask =
                        refs.tensor("left_pos/attention_mask").select(0, i).toLongArray();
                int pads = mask.length - (int) Arrays.stream(mask).sum();
                rows.add(RowFactory.create(
                        (Object) Arrays.stream(ids, pads, ids.length).boxed().toArray()));
            }
        }
        StructType schema = new StructType().add("input_ids", DataTypes.createArrayType(DataTypes.LongType));
        Dataset<Row> longs = spark.session().createDataFrame(rows, schema);
        Dataset<Row> ints = longs.selectExpr("cast(input_ids as array<int>) as input_ids");
        for (Dataset<Row> ids : List.of(longs, ints)) {
            List<Row> out = gpt2("transformer.h.1")
                    .setInputIdsCol("input_ids")
                    .transform(ids)
                    .collectAsList();
            for (int i = 0; i < out.size(); i++) {
                float[][] expected = reference("transformer.h.1", i);
                assertNear(floats(out.get(i), "activations"), expected[expected.length - 1]);
            }
        }
    }

    @Test
    void nothingRunsBeforeAnAction() {
        Dataset<Row> failing = prompts("a").selectExpr("n", "raise_error('it ran') as text");
        Dataset<Row> out = gpt2("transformer.h.1").transform(failing.selectExpr("n", "cast(text as string) as text"));
        assertThatThrownBy(out::collectAsList).hasStackTraceContaining("it ran");
    }

    @Test
    void badRowsAreKeptWithTheReasonOrSkippedOrAnError() {
        String tooLong = "word ".repeat(500);
        Dataset<Row> mixed = prompts("good", null, "", tooLong, "good too");
        ActivationExtractor extractor = gpt2("transformer.h.1");
        List<Row> kept = extractor.transform(mixed).collectAsList();
        assertThat(kept).hasSize(5);
        assertThat(kept.stream().map(row -> row.isNullAt(2))).containsExactly(false, true, true, true, false);
        assertThat(kept.stream().map(row -> row.getString(3)).toList())
                .satisfiesExactly(
                        none -> assertThat(none).isNull(),
                        nothing -> assertThat(nothing).isEqualTo("text is null"),
                        empty -> assertThat(empty).isEqualTo("text is empty"),
                        longText -> assertThat(longText).contains("tokens; at most"),
                        none -> assertThat(none).isNull());
        List<Row> skipped = extractor
                .copy(new ParamMap())
                .setHandleInvalid("skip")
                .transform(mixed)
                .collectAsList();
        assertThat(skipped.stream().map(row -> row.getInt(0))).containsExactly(0, 4);
        assertThat(extractor.getOrDefault(extractor.handleInvalid())).isEqualTo("keep");
        assertThatThrownBy(() -> gpt2("transformer.h.1")
                        .setHandleInvalid("error")
                        .transform(prompts("good", null))
                        .collectAsList())
                .hasStackTraceContaining("text is null; fix the row, or set handleInvalid to keep or skip");
        List<Row> cut = extractor
                .setTooLong("truncate_right")
                .setMaxLength(4)
                .transform(mixed)
                .collectAsList();
        assertThat(cut.stream().map(row -> row.isNullAt(2))).containsExactly(false, true, true, false, false);
    }

    @Test
    void smallBatchesGiveWhatLargeOnesGiveInTheOrderOfTheRows() {
        String[] many = new String[300];
        for (int i = 0; i < many.length; i++) {
            many[i] = texts.get(i % 3) + " again".repeat(i % 7);
        }
        Dataset<Row> prompts = prompts(many).coalesce(1);
        List<Row> one =
                gpt2("transformer.h.2").setBatchTokens(1).transform(prompts).collectAsList();
        List<Row> large =
                gpt2("transformer.h.2").setBatchSize(100).transform(prompts).collectAsList();
        for (int i = 0; i < many.length; i++) {
            assertThat(large.get(i).getInt(0)).isEqualTo(i);
            assertNear(floats(large.get(i), "activations"), floats(one.get(i), "activations"));
        }
    }

    /** The graph sets block 1's output to 0; nnsight saved what block 2 then gave for the second prompt, as {@code nxt}. */
    @Test
    void aGraphIntervenesOnEveryPromptAsNnsightDoes() throws IOException {
        Path folder = Fixtures.path("graphs/g_zero_inplace");
        Path graph = Files.createTempFile(spark.directory(), "graph", ".json");
        Files.writeString(
                graph, json(folder.resolve("request.json")).get("object").textValue());
        JsonNode expected = json(folder.resolve("expected.json"));
        String node = expected.get("variables").get("nxt").get("node").textValue();
        String key =
                expected.get("values").elements().next().get(node).get("key").textValue();
        List<Row> rows = gpt2("transformer.h.1", "transformer.h.2")
                .setOutputCols("one", "two")
                .setGraphPath(graph.toString())
                .transform(prompts())
                .collectAsList();
        assertThat(floats(rows.get(0), "one")).containsOnly(0f);
        try (Scope scope = Scope.open()) {
            Tensor nxt =
                    SafetensorsFile.open(folder.resolve("expected.safetensors")).tensor(key);
            assertNear(
                    floats(rows.get(1), "two"),
                    nxt.select(0, 0).select(0, nxt.size(1) - 1).toFloatArray());
        }
    }

    @Test
    void extractorsShareTheModelAndKeepNothingElse() {
        gpt2("transformer.h.0").transform(prompts()).collectAsList();
        long withModel = Torch.liveTensors();
        gpt2("transformer.h.*")
                .setTokens("all")
                .transform(prompts().repartition(3))
                .collectAsList();
        assertThat(Torch.liveTensors()).isEqualTo(withModel);
    }

    @Test
    void wrongSettingsAreToldBeforeAnythingRuns() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ActivationExtractor().setModules("a").transform(prompts()))
                .withMessage("modelPath is not set: expected the directory of a checkpoint");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gpt2("transformer.h.12").transform(prompts()))
                .withMessageContainingAll("no module matches 'transformer.h.12'", "0 to 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gpt2("transformer.h.0", "transformer.h.1").transform(prompts()))
                .withMessageContaining("modules has 2 entries and outputCols 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gpt2("transformer.h.0").setInputCol("prompt").transform(prompts()))
                .withMessage("inputCol: there is no column 'prompt' (columns: n, text)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gpt2("transformer.h.0").setInputIdsCol("text").transform(prompts()))
                .withMessage("inputIdsCol: column 'text' is string, expected array<int> or array<bigint>");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gpt2("transformer.h.0").setOutputCol("text").transform(prompts()))
                .withMessageStartingWith("Output column text already exists");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gpt2("transformer.h.0")
                        .setTokens("all")
                        .setOutputType("vector")
                        .transform(prompts()))
                .withMessageContaining("outputType vector needs one vector a prompt");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gpt2("transformer.h.0").setTokens("lst"))
                .withMessageContaining("tokens given invalid value lst");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        gpt2("transformer.h.0").setModelPath("/no/such/model").transform(prompts()))
                .withMessageContaining("no such directory: /no/such/model");
    }

    @Test
    void everyParameterIsExplained() {
        ActivationExtractor extractor = gpt2("transformer.h.0");
        assertThat(extractor.params()).hasSize(19);
        assertThat(extractor.explainParams())
                .contains("modelPath: directory of a Hugging Face checkpoint", "(current: " + MODEL + ")")
                .contains(
                        "handleInvalid: ",
                        "(default: keep)",
                        "(default: activations)",
                        "(current: transformer.h.0)",
                        "batchTokens: ",
                        "(default: 8192)",
                        "maxLength: ");
    }

    @Test
    void aSavedExtractorIsTheSameWhenLoaded() throws IOException {
        String path = spark.directory().resolve("extractor").toString();
        ActivationExtractor extractor = gpt2("transformer.h.*")
                .setPositions(0, -1)
                .setMaxLength(9)
                .setTooLong("truncate_left")
                .setBatchTokens(64);
        extractor.save(path);
        ActivationExtractor loaded = ActivationExtractor.load(path);
        assertThat(loaded.uid()).isEqualTo(extractor.uid());
        assertThat(loaded.explainParams()).isEqualTo(extractor.explainParams());
        assertThat(loaded.transform(prompts()).collectAsList())
                .isEqualTo(extractor.transform(prompts()).collectAsList());
    }

    /** Sentiment is linearly readable from the quickstart model's last blocks; see conf/quickstart. */
    @Test
    void aPipelineTrainsLogisticRegressionOnActivationsAndSurvivesSaving() throws IOException {
        Dataset<Row> sentiment = spark.session()
                .read()
                .json(Fixtures.repositoryPath("conf/quickstart/prompts.jsonl").toString())
                .where("task = 'sentiment'")
                .select("id", "text", "label");
        String model = Fixtures.repositoryPath("conf/quickstart/model").toString();
        Dataset<Row>[] split = sentiment.randomSplit(new double[] {0.7, 0.3}, 7);
        Dataset<Row> training = split[0];
        Dataset<Row> heldOut = split[1];
        // [a probe in a pipeline]
        ActivationExtractor extractor = new ActivationExtractor()
                .setModelPath(model)
                .setModule("transformer.h.4")
                .setTokens("last")
                .setOutputCol("features")
                .setOutputType("vector")
                .setHandleInvalid("skip");
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            new StringIndexer().setInputCol("label").setOutputCol("y"),
            extractor,
            new LogisticRegression().setLabelCol("y").setRegParam(0.01)
        });
        PipelineModel trained = pipeline.fit(training);
        Dataset<Row> scored = trained.transform(heldOut);
        // [end]
        List<Row> rows =
                scored.select("id", "features", "prediction", "y").orderBy("id").collectAsList();
        assertThat(rows.get(0).<Vector>getAs("features").size()).isEqualTo(128);
        long right = rows.stream()
                .filter(row -> row.getDouble(2) == row.getDouble(3))
                .count();
        assertThat((double) right / rows.size()).isGreaterThan(0.9);
        String path = spark.directory().resolve("pipeline").toString();
        trained.save(path);
        List<Row> again = PipelineModel.load(path)
                .transform(heldOut)
                .select("id", "features", "prediction", "y")
                .orderBy("id")
                .collectAsList();
        assertThat(again).isEqualTo(rows);
    }
}
