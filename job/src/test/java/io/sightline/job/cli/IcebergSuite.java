package io.sightline.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.fixtures.Fixtures;
import io.sightline.job.table.Manifest;
import io.sightline.job.table.RunTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.hadoop.HadoopTables;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scalatestplus.junit5.JUnitSuite;

/** {@code format: iceberg}: the Parquet run's rows, each once, whatever broke off. */
public class IcebergSuite extends JUnitSuite {
    private static final int PROMPTS = 60;

    private static Path folder;
    private static Path parquet;
    private static Path iceberg;

    @BeforeAll
    static void runBoth() throws IOException {
        folder = Files.createTempDirectory("sightline-iceberg-");
        parquet = folder.resolve("parquet");
        iceberg = folder.resolve("iceberg");
        prompts(PROMPTS);
        assertDone(run(parquet, "--set", "output.format=parquet"));
        assertDone(run(iceberg));
    }

    @AfterAll
    static void deleteFolder() {
        FileUtils.deleteQuietly(folder.toFile());
    }

    /** The first of the quickstart's. */
    private static Path prompts(int count) throws IOException {
        List<String> lines = Files.readAllLines(Fixtures.repositoryPath("conf/quickstart/prompts.jsonl"));
        return Files.write(folder.resolve("prompts-" + count + ".jsonl"), lines.subList(0, count));
    }

    /** The quickstart with few prompts, eight a chunk. */
    private static Sightline run(Path output, String... more) {
        Path conf = Fixtures.repositoryPath("conf/quickstart");
        List<Object> arguments = new ArrayList<>(List.of("run", conf.resolve("job.yaml"), "--master", "local[2]"));
        for (String setting : List.of(
                "model.path=" + conf.resolve("model"),
                "prompts.path=" + folder.resolve("prompts-" + PROMPTS + ".jsonl"),
                "graph=" + conf.resolve("graph.json"),
                "chunk.rows=8",
                "output.format=iceberg",
                "output.path=" + output)) {
            arguments.add("--set");
            arguments.add(setting);
        }
        arguments.addAll(List.of(more));
        return Sightline.run(arguments.toArray());
    }

    private static void assertDone(Sightline run) {
        assertThat(run.code()).as(run.said()).isZero();
    }

    private static Manifest manifest(Path run) throws IOException {
        return Manifest.fromJson(Files.readString(run.resolve("manifest.json")));
    }

    private static Table table(Path run, RunTable table) {
        return new HadoopTables(new Configuration()).load("file:" + run.resolve(table.directoryName()));
    }

    private static List<Snapshot> snapshots(Path run, RunTable table) {
        List<Snapshot> snapshots = new ArrayList<>();
        table(run, table).snapshots().forEach(snapshots::add);
        return snapshots;
    }

    /** Rows of one run that the other lacks, both ways, table by table; and how many there are. */
    private static void assertSameRows(Path one, Path other) {
        StringBuilder query = new StringBuilder();
        for (RunTable table : RunTable.values()) {
            String name = table.directoryName();
            query.append(("select '%s', (select count(*) from run1.%s), (select count(*) from run2.%s),"
                            + " (select count(*) from (select * from run1.%s except all select * from run2.%s));")
                    .formatted(name, name, name, name, name));
        }
        Sightline answer = Sightline.run("sql", "--master", "local[2]", "--format", "csv", one, other, query);
        assertDone(answer);
        List<String> lines = answer.out()
                .lines()
                .filter(line -> line.matches("[a-z]+(,\\d+){3}"))
                .toList();
        assertThat(lines).as(answer.said()).hasSize(4).allSatisfy(line -> {
            String[] cells = line.split(",");
            assertThat(cells[1]).as(line).isEqualTo(cells[2]);
            assertThat(cells[3]).as(line).isEqualTo("0");
        });
        assertThat(lines.get(2)).isEqualTo("prompts," + PROMPTS + "," + PROMPTS + ",0");
    }

    /** As after a driver's death: everything but the manifest. */
    private static void interrupt(Path run) throws IOException {
        Files.move(run.resolve("manifest.json"), run.resolve("_run.json"));
    }

    @Test
    void theTablesHoldTheParquetRunsRows() throws IOException {
        assertSameRows(parquet, iceberg);
        assertThat(manifest(iceberg).counts()).isEqualTo(manifest(parquet).counts());
        assertThat(iceberg.toFile().list())
                .containsExactlyInAnyOrder(
                        "activations", "values", "prompts", "errors", "vocabulary", "manifest.json", "_commits");
    }

    @Test
    void aSnapshotSaysWhichChunksItAdds() throws IOException {
        int chunks = manifest(iceberg).plan().chunks();
        for (RunTable table : RunTable.values()) {
            List<Snapshot> snapshots = snapshots(iceberg, table);
            assertThat(snapshots).hasSize(1);
            assertThat(snapshots.get(0).summary())
                    .containsEntry("sightline.chunks", "0-" + (chunks - 1))
                    .containsEntry("sightline.run", "data/r1");
        }
        assertThat(snapshots(iceberg, RunTable.ACTIVATIONS).get(0).operation()).isEqualTo("append");
        assertThat(snapshots(iceberg, RunTable.ACTIVATIONS).get(0).summary())
                .containsEntry("added-data-files", Integer.toString(chunks))
                .containsEntry(
                        "total-records",
                        Long.toString(manifest(iceberg).counts().activations()));
    }

    /** Killed after chunks were committed, before any snapshot; between two tables' snapshots; and one chunk was never done. */
    @Test
    void aResumedRunHasEachRowOnce() throws IOException {
        Path broken = folder.resolve("broken");
        assertDone(run(broken));
        interrupt(broken);
        Files.delete(broken.resolve("_commits/chunk-00003.json"));
        Files.delete(broken.resolve("activations/data/r1/chunk-00003.parquet"));
        FileUtils.deleteDirectory(broken.resolve("activations/metadata").toFile());
        FileUtils.deleteDirectory(broken.resolve("values/metadata").toFile());
        assertDone(run(broken, "--resume"));
        assertSameRows(parquet, broken);
        assertThat(snapshots(broken, RunTable.PROMPTS)).hasSize(1);
        assertThat(manifest(broken).counts()).isEqualTo(manifest(parquet).counts());
    }

    @Test
    void overwritingReplacesTheRowsInOneSnapshotAndOlderOnesStayReadable() throws IOException {
        Path again = folder.resolve("again");
        assertDone(run(again, "--set", "prompts.path=" + prompts(20), "--set", "prompts.keep=[subject]"));
        Snapshot before = table(again, RunTable.PROMPTS).currentSnapshot();
        Sightline failed = run(again, "--overwrite", "--set", "graph=" + failing());
        assertThat(failed.code()).as(failed.said()).isNotZero();
        assertThat(table(again, RunTable.PROMPTS).currentSnapshot().snapshotId())
                .isEqualTo(before.snapshotId());
        assertDone(run(again, "--overwrite"));
        assertSameRows(parquet, again);
        List<Snapshot> snapshots = snapshots(again, RunTable.PROMPTS);
        assertThat(snapshots).hasSize(2);
        assertThat(snapshots.get(1).operation()).isEqualTo("overwrite");
        assertThat(snapshots.get(1).summary()).containsEntry("total-records", Integer.toString(PROMPTS));
        assertThat(before.summary()).containsEntry("total-records", "20");
    }

    /** A graph that the model refuses. */
    private static Path failing() throws IOException {
        String graph = Files.readString(Fixtures.repositoryPath("conf/quickstart/graph.json"));
        return Files.writeString(folder.resolve("failing.json"), graph.replace(".h.2.attn", ".h.2.attention"));
    }

    @Test
    void anOverwritingRunThatBreaksOffIsResumedWhileTheOldRowsAreShown() throws IOException {
        Path swapped = folder.resolve("swapped");
        assertDone(run(swapped, "--set", "prompts.path=" + prompts(20)));
        Sightline limited = run(swapped, "--overwrite", "--set", "prompts.max_length=12", "--set", "errors.limit=0");
        assertThat(limited.code()).as(limited.said()).isEqualTo(1);
        assertThat(swapped.resolve("manifest.json")).doesNotExist();
        assertThat(table(swapped, RunTable.PROMPTS).currentSnapshot().summary()).containsEntry("total-records", "20");
        assertDone(run(swapped, "--resume", "--set", "prompts.max_length=12"));
        Manifest.Counts counts = manifest(swapped).counts();
        assertThat(counts.errors()).isPositive();
        assertThat(table(swapped, RunTable.PROMPTS).currentSnapshot().summary())
                .containsEntry("total-records", Long.toString(counts.prompts()));
        assertThat(table(swapped, RunTable.ERRORS).currentSnapshot().summary())
                .containsEntry("total-records", Long.toString(counts.errors()));
    }

    @Test
    void resumeDoesNotMixFormats() {
        Sightline mixed = run(parquet, "--resume");
        assertThat(mixed.code()).as(mixed.said()).isEqualTo(2);
        assertThat(mixed.err()).contains("format was absent, is iceberg");
    }

    @Test
    void overwritingDoesNotMixFormats() throws IOException {
        Manifest before = manifest(parquet);
        Sightline mixed = run(parquet, "--overwrite");
        assertThat(mixed.code()).as(mixed.said()).isEqualTo(2);
        assertThat(mixed.err()).contains("has Parquet tables, which --overwrite can't replace by Iceberg ones");
        assertThat(manifest(parquet)).isEqualTo(before);
    }

    @Test
    void aDryRunWritesNothing() {
        Path nowhere = folder.resolve("nowhere");
        Sightline dry = run(nowhere, "--dry-run");
        assertDone(dry);
        assertThat(dry.out()).contains("prompts " + PROMPTS);
        assertThat(nowhere).doesNotExist();
    }

    @Test
    void probesAndTheReportReadTheTables() throws IOException {
        Path probe = Files.writeString(
                folder.resolve("probe.yaml"),
                "run: " + iceberg + "\ncaptures:\n  - { name: resid, layers: [5] }\nlabels:\n"
                        + "  - { name: task, column: task }\nkinds: logistic\noutput: "
                        + folder.resolve("probes") + "\n");
        Sightline probed = Sightline.run("probe", probe, "--master", "local[2]");
        assertDone(probed);
        Path page = folder.resolve("report.html");
        assertDone(Sightline.run("report", iceberg, "--out", page, "--master", "local[2]"));
        assertThat(page).exists();
    }
}
