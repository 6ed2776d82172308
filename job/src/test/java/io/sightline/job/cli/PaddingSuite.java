package io.sightline.job.cli;

import static io.sightline.envoy.Index.all;
import static io.sightline.envoy.Index.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sightline.envoy.Keywords;
import io.sightline.envoy.Proxy;
import io.sightline.family.LoadOptions;
import io.sightline.fixtures.Fixtures;
import io.sightline.graph.WireWriter;
import io.sightline.job.sql.LocalSpark;
import io.sightline.trace.LanguageModel;
import io.sightline.trace.Tracer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.scalatestplus.junit5.JUnitSuite;

/** What a job gives for a prompt is what the prompt gives alone, whatever the graph says about positions. */
public class PaddingSuite extends JUnitSuite {
    private static final Path MODEL = Fixtures.repositoryPath("conf/quickstart/model");
    private static final int PROMPTS = 120;

    private Path folder;
    private Path prompts;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("sightline-padding-");
        List<String> all = Files.readAllLines(Fixtures.repositoryPath("conf/quickstart/prompts.jsonl"));
        prompts = Files.write(folder.resolve("prompts.jsonl"), all.subList(all.size() / 2, all.size() / 2 + PROMPTS));
    }

    @AfterEach
    void deleteFolder() {
        FileUtils.deleteQuietly(folder.toFile());
    }

    private Path graph(Keywords generation, Consumer<LanguageModel> body) throws IOException {
        try (LanguageModel model = LanguageModel.openLazily(MODEL, LoadOptions.DEFAULT);
                Tracer trace = generation.entries().isEmpty()
                        ? model.trace("3 plus 4 is")
                        : model.generate("3 plus 4 is", generation)) {
            body.accept(model);
            return Files.writeString(folder.resolve("graph.json"), WireWriter.write(trace.block()));
        }
    }

    private Sightline run(Path graph, int batch) throws IOException {
        Path job = Files.writeString(
                folder.resolve("job.yaml"),
                "name: padding\nmodel: { path: '" + MODEL + "' }\nprompts: { path: '" + prompts
                        + "', text: text, id: id }\ngraph: '" + graph + "'\noutput: { path: '"
                        + folder.resolve("out" + batch)
                        + "' }\n");
        Sightline run = Sightline.run("run", job, "--master", "local[1]", "--set", "batch.max_size=" + batch);
        assertThat(run.code()).as(run.said()).isZero();
        return run;
    }

    /** Every value of a run, by prompt and name. */
    private Map<String, Row> values(LocalSpark spark, int batch) {
        Map<String, Row> values = new TreeMap<>();
        spark.session()
                .read()
                .parquet(folder.resolve("out" + batch).resolve("values").toString())
                .select("prompt_id", "name", "shape", "value")
                .collectAsList()
                .forEach(row -> values.put(row.getString(0) + " " + row.getString(1), row));
        return values;
    }

    private void assertSameAlone(Path graph, int valuesOfAPrompt) throws IOException {
        run(graph, 1);
        run(graph, 64);
        try (LocalSpark spark = LocalSpark.start()) {
            Map<String, Row> alone = values(spark, 1);
            Map<String, Row> together = values(spark, 64);
            assertThat(alone).hasSize(PROMPTS * valuesOfAPrompt);
            assertThat(together.keySet()).isEqualTo(alone.keySet());
            alone.forEach((key, row) -> {
                List<Float> expected = row.getList(3);
                List<Float> actual = together.get(key).getList(3);
                assertThat(together.get(key).<Integer>getList(2)).as(key).isEqualTo(row.<Integer>getList(2));
                for (int i = 0; i < expected.size(); i++) {
                    assertThat(actual.get(i)).as(key).isCloseTo(expected.get(i), within(1e-3f));
                }
            });
        }
    }

    @Test
    void positiveIndicesMeansAndWholeValuesAreThePromptsOwn() throws IOException {
        Path graph = graph(Keywords.none(), model -> {
            Proxy hidden = model.get("transformer.h.1").output().get(0);
            hidden.get(all(), 1).save();
            hidden.call("mean", 1).save();
            hidden.at(all(), slice(0, 2)).set(0);
            model.get("lm_head").output().get(all(), -1).call("argmax", -1).save();
            model.get("transformer.h.2").output().get(0).save();
        });
        assertSameAlone(graph, 4);
        assertThat(run(graph, 32).err())
                .contains("warning: graph: prompts of unlike lengths run in batches of their own, unpadded, since node")
                .contains("counts tokens from the front, pads included of transformer.h.1.output");
    }

    @Test
    void aGraphThatCountsFromTheEndRunsPaddedWithoutANotice() throws IOException {
        Path graph = graph(Keywords.none(), model -> {
            model.get("transformer.h.1")
                    .output()
                    .get(0)
                    .get(all(), slice(-2, null))
                    .save();
        });
        assertThat(run(graph, 64).err()).doesNotContain("unpadded");
    }

    @Test
    void generatedIdsAreThePromptsOwnAndItsContinuation() throws IOException {
        Path graph = graph(
                Keywords.of("max_new_tokens", 4),
                model -> model.get("generator").output().save());
        assertSameAlone(graph, 1);
        assertThat(run(graph, 8).err()).contains("it generates, so that each prompt runs by itself");
    }

    @Test
    void generationsThatAllHaveTheSameLengthShareBatches() throws IOException {
        Path graph = graph(
                Keywords.of("max_new_tokens", 4).and("eos_token_id", List.of()),
                model -> model.get("generator").output().save());
        assertSameAlone(graph, 1);
        assertThat(run(graph, 8).err()).doesNotContain("by itself");
    }
}
