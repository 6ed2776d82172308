package io.sightline.job.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class ManifestTest {
    private static final Manifest RUNNING = new Manifest(
            Manifest.FORMAT_VERSION,
            "facts",
            Manifest.Status.RUNNING,
            "name: facts\nmodel: {path: m}\n",
            Map.of("batch.max_size", "8"),
            new Manifest.Identity(Map.of("graph", "3f", "model", "9a")),
            new Manifest.Environment("float32", "cpu", "sdpa"),
            Map.of("spark", "3.5.9"),
            new Manifest.ChunkPlan(3, 1200, "77"),
            null,
            null,
            new Manifest.Written("run-1", ""));

    @Test
    void aRunningAndAnEndedManifestComeBackFromTheirJson() {
        Manifest ended = RUNNING.ended(
                Manifest.Status.COMPLETE,
                new Manifest.Counts(1199, 1, 9000, 54000, 0, 123456789L, "00ff", "0000"),
                new Manifest.Timings("2026-11-24T05:00:00Z", "2026-11-24T05:01:00Z", 60, 150, Map.of("forward", 41.5)));
        assertThat(Manifest.fromJson(RUNNING.toJson())).isEqualTo(RUNNING);
        assertThat(Manifest.fromJson(ended.toJson())).isEqualTo(ended);
        assertThat(ended.toJson()).contains("\"tokens_per_second\" : 150.0", "\"format_version\" : 1");
    }

    @Test
    void identitiesNameEachPartInWhichTheyDiffer() {
        Manifest.Identity before = RUNNING.identity();
        Manifest.Identity now = new Manifest.Identity(Map.of("graph", "3f", "model", "9b", "tokenizer", "1"));
        assertThat(before.differencesTo(before)).isEmpty();
        assertThat(before.differencesTo(now)).containsExactly("model was 9a, is 9b", "tokenizer was absent, is 1");
    }

    @Test
    void whatIsNoManifestIsRefused() {
        assertThatThrownBy(() -> Manifest.fromJson("{\"name\": 3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not a run's manifest");
    }

    @Test
    void aKeptColumnMayNotHaveTheNameOfATableColumn() {
        StructType kept = new StructType().add("task", DataTypes.StringType).add("Text", DataTypes.StringType);
        assertThatThrownBy(() -> TableSchemas.prompts(kept))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("prompts.keep names 'Text'");
    }

    @Test
    void chunksAreNamedWithFiveDigitsOrMore() {
        RunDirectory run = RunDirectory.of("out/facts");
        assertThat(List.of(
                        run.file(RunTable.ACTIVATIONS, 12).toString(),
                        run.commit(123456).toString()))
                .containsExactly("out/facts/activations/chunk-00012.parquet", "out/facts/_commits/chunk-123456.json");
    }
}
