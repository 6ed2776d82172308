package io.sightline.job.table.iceberg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.Table;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots of chunks, without Spark. */
class IcebergRunTest {
    private static final StructType KEPT = new StructType().add("label", DataTypes.StringType);

    private final Configuration hadoop = new Configuration();

    @TempDir
    private Path folder;

    private RunDirectory run(int number) {
        return new RunDirectory(new org.apache.hadoop.fs.Path(folder.toUri()), "data/r" + number);
    }

    private IcebergRun open(RunDirectory run, StructType kept) {
        return IcebergRun.open(run, kept, Map.of("sightline.graph_hash", "none"), hadoop);
    }

    private Table table(RunTable table) {
        return new HadoopTables(hadoop).load(run(1).table(table).toString());
    }

    private static List<String> locations(Table table) {
        List<String> locations = new ArrayList<>();
        table.newScan().planFiles().forEach(task -> locations.add(task.file().location()));
        return locations;
    }

    private static String total(Table table) {
        return table.currentSnapshot().summary().get("total-records");
    }

    @Test
    void aChunkIsAddedOnceHoweverOftenItIsHandedOver() {
        IcebergRun tables = open(run(1), KEPT);
        List<CommitRecord> chunks = PromptChunks.write(run(1), KEPT, 5, hadoop);
        tables.append(chunks.subList(0, 3));
        tables.append(chunks);
        tables.append(chunks);
        assertThat(total(table(RunTable.PROMPTS))).isEqualTo("5");
        assertThat(table(RunTable.PROMPTS).snapshots()).hasSize(2);
        assertThat(table(RunTable.PROMPTS).currentSnapshot().summary()).containsEntry("sightline.chunks", "3-4");
        assertThat(open(run(1), KEPT).chunks()).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void twoDriversAtOnceDoNotDoubleAChunk() throws Exception {
        open(run(1), KEPT);
        List<CommitRecord> chunks = PromptChunks.write(run(1), KEPT, 8, hadoop);
        ExecutorService drivers = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int driver = 0; driver < 2; driver++) {
                IcebergRun tables = open(run(1), KEPT);
                ends.add(drivers.submit(() -> chunks.forEach(chunk -> tables.append(List.of(chunk)))));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        } finally {
            drivers.shutdownNow();
        }
        assertThat(total(table(RunTable.PROMPTS))).isEqualTo("8");
        assertThat(table(RunTable.PROMPTS).snapshots()).hasSize(8);
    }

    /** Summaries go with the snapshots that expire; the files in the table still tell. */
    @Test
    void expiredSnapshotsDoNotMakeChunksForgotten() {
        IcebergRun tables = open(run(1), KEPT);
        List<CommitRecord> chunks = PromptChunks.write(run(1), KEPT, 4, hadoop);
        chunks.forEach(chunk -> tables.append(List.of(chunk)));
        table(RunTable.PROMPTS)
                .expireSnapshots()
                .expireOlderThan(Long.MAX_VALUE)
                .retainLast(1)
                .commit();
        open(run(1), KEPT).append(chunks);
        assertThat(total(table(RunTable.PROMPTS))).isEqualTo("4");
    }

    @Test
    void aLaterRunTakesThePlaceOfAllRowsWithItsOwnColumns() throws IOException {
        List<CommitRecord> earlier = PromptChunks.write(run(1), KEPT, 3, hadoop);
        open(run(1), KEPT).append(earlier);
        run(2).fileSystem(hadoop).delete(run(2).commits(), true);
        StructType other = new StructType().add("task", DataTypes.StringType);
        IcebergRun later = open(run(2), other);
        assertThat(later.showsAnotherRun()).isTrue();
        assertThatIllegalStateException()
                .isThrownBy(() -> later.replaceBy(earlier))
                .withMessageContaining("is not a file of this run, which has its files in data/r2");
        assertThat(later.chunks()).isEmpty();
        List<CommitRecord> chunks = PromptChunks.write(run(2), other, 2, hadoop);
        later.replaceBy(chunks);
        assertThat(total(table(RunTable.PROMPTS))).isEqualTo("2");
        assertThat(table(RunTable.PROMPTS).snapshots()).hasSize(2);
        assertThat(table(RunTable.PROMPTS).schema().columns())
                .extracting(column -> column.name())
                .contains("task")
                .doesNotContain("label");
        assertThat(later.chunks()).containsExactly(0, 1);
        assertThat(locations(table(RunTable.PROMPTS))).hasSize(2).allMatch(file -> file.contains("/prompts/data/r2/"));
        assertThat(later.showsAnotherRun()).isFalse();
    }

    /** As a run leaves it that was killed before its first chunk. */
    @Test
    void aTableWithoutRowsTakesTheColumnsOfTheNextRun() {
        open(run(1), KEPT);
        StructType other = new StructType().add("task", DataTypes.StringType);
        open(run(2), other).append(PromptChunks.write(run(2), other, 1, hadoop));
        assertThat(table(RunTable.PROMPTS).schema().findField("task")).isNotNull();
        assertThat(table(RunTable.PROMPTS).schema().findField("label")).isNull();
        assertThat(total(table(RunTable.PROMPTS))).isEqualTo("1");
    }

    @Test
    void aKeptColumnOfATypeThatIcebergLacksIsRefused() {
        StructType intervals = new StructType().add("since", DataTypes.CalendarIntervalType);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IcebergRun.requireTypes(intervals))
                .withMessageContainingAll("prompts.keep has a column whose type Iceberg lacks", "interval");
    }

    @Test
    void withoutIcebergTheArtifactIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IcebergLibrary.require("output.format: 'iceberg'", "org.apache.iceberg.Nothing"))
                .withMessage(
                        "output.format: 'iceberg' needs Iceberg, which is not on the class path; add "
                                + "org.apache.iceberg:iceberg-spark-runtime-3.5_2.12:1.10.1 (spark-submit --packages, or the jar with --jars)");
    }
}
