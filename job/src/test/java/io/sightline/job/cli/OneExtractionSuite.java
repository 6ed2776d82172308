package io.sightline.job.cli;

import static io.sightline.envoy.Index.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sightline.family.LoadOptions;
import io.sightline.fixtures.Fixtures;
import io.sightline.graph.WireWriter;
import io.sightline.job.ml.ActivationExtractor;
import io.sightline.job.sql.LocalSpark;
import io.sightline.trace.Invoker;
import io.sightline.trace.LanguageModel;
import io.sightline.trace.Tracer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.scalatestplus.junit5.JUnitSuite;

/** The same model, graph and prompts give the same vectors and the same errors in {@code run} and in {@code ActivationExtractor}. */
public class OneExtractionSuite extends JUnitSuite {
    private static final Path MODEL = Fixtures.repositoryPath("conf/quickstart/model");

    private Path folder;
    private Path prompts;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("sightline-one-extraction-");
        prompts = Files.write(
                folder.resolve("prompts.jsonl"),
                Files.readAllLines(Fixtures.repositoryPath("conf/quickstart/prompts.jsonl"))
                        .subList(0, 80));
    }

    @AfterEach
    void deleteFolder() {
        ActivationExtractor.freeModels();
        FileUtils.deleteQuietly(folder.toFile());
    }

    /**
     * Recorded on few tokens, it reads one that this prompt does not have, and only some of the others have. In a batch short prompts are
     * padded, so that they have it too: the test runs prompts alone.
     */
    private Path graphThatReadsToken(int token) throws IOException {
        try (LanguageModel model = LanguageModel.openLazily(MODEL, LoadOptions.DEFAULT);
                Tracer trace = model.trace()) {
            try (Invoker plain = trace.invoke("3 plus")) {
                var hidden = model.get("transformer.h.0").output().get(0);
                hidden.set(hidden.get(all(), token), all(), -1);
            }
            return Files.writeString(folder.resolve("graph.json"), WireWriter.write(trace.block()));
        }
    }

    private Path run(Path graph) throws IOException {
        Path output = folder.resolve("out");
        Path job = Files.writeString(
                folder.resolve("job.yaml"),
                "name: one\nmodel: { path: '" + MODEL + "' }\nprompts: { path: '" + prompts
                        + "', text: text, id: id }\ngraph: '" + graph
                        + "'\ncapture:\n  - { name: resid, module: transformer.h.5, tokens: last }\noutput: { path: '"
                        + output + "' }\n");
        Sightline run = Sightline.run("run", job, "--master", "local[1]", "--set", "batch.max_size=1");
        assertThat(run.code()).as(run.said()).isZero();
        return output;
    }

    @Test
    void aGraphThatFitsSomePromptsGivesTheSameVectorsAndErrorsInBoth() throws IOException {
        Path graph = graphThatReadsToken(11);
        Path output = run(graph);
        try (LocalSpark spark = LocalSpark.start()) {
            Map<String, String> errors = new TreeMap<>();
            for (Row row : rows(spark, output, "errors", "prompt_id", "error_class", "message")) {
                errors.put(row.getString(0), row.getString(1) + ": " + row.getString(2));
            }
            Map<String, List<Float>> vectors = new TreeMap<>();
            for (Row row : rows(spark, output, "activations", "prompt_id", "vector")) {
                vectors.put(row.getString(0), row.getList(1));
            }
            assertThat(errors).isNotEmpty();
            assertThat(vectors).isNotEmpty();
            List<Row> extracted = new ActivationExtractor()
                    .setModelPath(MODEL.toString())
                    .setGraphPath(graph.toString())
                    .setModules("transformer.h.5")
                    .setBatchSize(1)
                    .transform(spark.session().read().json(prompts.toString()))
                    .select("id", "activations", "activations_error")
                    .collectAsList();
            assertThat(extracted).hasSize(80);
            for (Row row : extracted) {
                String id = row.getString(0);
                assertThat(row.getString(2)).as(id).isEqualTo(errors.get(id));
                if (errors.containsKey(id)) {
                    assertThat(row.isNullAt(1)).isTrue();
                } else {
                    assertNear(row.getList(1), vectors.get(id));
                }
            }
        }
    }

    private static List<Row> rows(LocalSpark spark, Path output, String table, String first, String... more) {
        Dataset<Row> rows = spark.session().read().parquet(output.resolve(table).toString());
        return rows.select(first, more).collectAsList();
    }

    /** Which prompts share a batch moves a vector by rounding. */
    private static void assertNear(List<Float> actual, List<Float> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            assertThat(actual.get(i)).isCloseTo(expected.get(i), within(1e-4f));
        }
    }
}
