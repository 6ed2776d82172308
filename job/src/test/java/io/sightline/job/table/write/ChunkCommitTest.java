package io.sightline.job.table.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.CommittedChunks;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkCommitTest {
    @TempDir
    Path directory;

    private Path local;
    private Configuration hadoop;

    @BeforeEach
    void place() {
        local = directory.resolve("run");
        hadoop = StrictFileSystem.register(new Configuration());
    }

    /** The same directory, on the local file system or on one that renames only where nothing stands and keeps no order. */
    private RunDirectory run(String scheme) {
        return RunDirectory.of(scheme + "://" + local);
    }

    private RunWriter writer(String scheme) {
        return RunWriter.of(run(scheme), WriteOptions.DEFAULT, hadoop);
    }

    private static CommitRecord commit(RunWriter writer, int chunkNumber, String attempt, int... ordinals) {
        try (ChunkWriter chunk = writer.open(new ChunkIdentity(chunkNumber, attempt))) {
            fill(chunk, ordinals);
            return chunk.commit(() -> Map.of("tokens", 7L), Map.of("executor", "3"));
        }
    }

    private static void fill(ChunkWriter chunk, int... ordinals) {
        for (int ordinal : ordinals) {
            Samples.append(chunk, ordinal, 2, 8);
            chunk.prompt(new PromptRow(Samples.prompt(ordinal), "text", new int[] {1}, null, 1, List.of()));
        }
    }

    private List<String> visibleFiles() throws IOException {
        try (Stream<Path> all = Files.walk(local)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> local.relativize(file).toString())
                    .filter(name -> !name.startsWith("_"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "strict"})
    void theFirstChunkHasOneFileATableAndARecordThatMatchesThem(String scheme) throws IOException {
        CommitRecord record = commit(writer(scheme), 0, "a0", 4, 2);
        assertThat(visibleFiles())
                .containsExactly(
                        "activations/chunk-00000.parquet",
                        "errors/chunk-00000.parquet",
                        "prompts/chunk-00000.parquet",
                        "values/chunk-00000.parquet");
        assertThat(record.rows(RunTable.ACTIVATIONS)).isEqualTo(16);
        assertThat(record.rows(RunTable.PROMPTS)).isEqualTo(2);
        assertThat(record.file(RunTable.VALUES).orElseThrow().crc32c())
                .isEqualTo(Crc32c.of(local.resolve("values/chunk-00000.parquet")));
        assertThat(record.file(RunTable.ACTIVATIONS).orElseThrow().crc32c())
                .isEqualTo(Crc32c.of(local.resolve("activations/chunk-00000.parquet")));
        CommittedChunks committed = CommittedChunks.read(run(scheme), hadoop);
        assertThat(committed.numbers()).containsExactly(0);
        assertThat(committed.records()).containsExactly(record);
        assertThat(committed.counter("tokens")).isEqualTo(7);
        assertThat(local.resolve("_commits/chunk-00000.json")).isRegularFile();
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "strict"})
    void anotherChunkHasFilesForTablesWithRowsOnly(String scheme) throws IOException {
        Files.createDirectories(local.resolve("errors"));
        Files.writeString(local.resolve("errors/chunk-00012.parquet"), "moved by an attempt that then died");
        CommitRecord record = commit(writer(scheme), 12, "a0", 4, 2);
        assertThat(visibleFiles()).containsExactly("activations/chunk-00012.parquet", "prompts/chunk-00012.parquet");
        assertThat(record.files()).hasSize(2);
        assertThat(record.rows(RunTable.ACTIVATIONS)).isEqualTo(16);
        assertThat(record.rows(RunTable.ERRORS)).isZero();
        assertThat(record.valueChecksum()).isEqualTo("0".repeat(16));
        assertThat(CommittedChunks.read(run(scheme), hadoop).records()).containsExactly(record);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "strict"})
    void nothingIsSeenBeforeTheCommitAndNothingIsLeftWithoutIt(String scheme) throws IOException {
        try (ChunkWriter chunk = writer(scheme).open(new ChunkIdentity(0, "a0"))) {
            fill(chunk, 1);
            assertThat(visibleFiles()).isEmpty();
        }
        assertThat(visibleFiles()).isEmpty();
        assertThat(local.resolve("_staging")).isEmptyDirectory();
        assertThat(CommittedChunks.read(run(scheme), hadoop).numbers()).isEmpty();
    }

    @Test
    void aKilledAttemptLeavesOnlyHiddenFilesWhichTheDriverClears() throws IOException {
        RunWriter writer = writer("file");
        ChunkWriter killed = writer.open(new ChunkIdentity(0, "a0"));
        fill(killed, 1);
        Files.writeString(local.resolve("_staging/chunk-00000-a0/activations.parquet"), "half a file");
        assertThat(visibleFiles()).isEmpty();
        CommitRecord record = commit(writer, 0, "a1", 1);
        assertThat(record.attempt()).isEqualTo("a1");
        assertThat(local.resolve("_staging/chunk-00000-a0")).isDirectory();
        writer.clearStaging();
        assertThat(local.resolve("_staging")).doesNotExist();
        assertThat(CommittedChunks.read(run("file"), hadoop).numbers()).containsExactly(0);
    }

    @Test
    void aRetryWritesTheSameFilesInWhateverOrderItsBatchesCame() {
        RunWriter first = RunWriter.of(RunDirectory.of(local + "-1"), WriteOptions.DEFAULT, hadoop);
        RunWriter second = RunWriter.of(RunDirectory.of(local + "-2"), WriteOptions.DEFAULT, hadoop);
        assertThat(commit(second, 0, "b", 2, 9, 1).files())
                .isEqualTo(commit(first, 0, "a", 1, 2, 9).files());
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "strict"})
    void aRetryReplacesTheFilesOfAnAttemptThatDiedBetweenItsRenames(String scheme) throws IOException {
        Files.createDirectories(local.resolve("activations"));
        Files.writeString(local.resolve("activations/chunk-00003.parquet"), "moved by an attempt that then died");
        CommitRecord record = commit(writer(scheme), 3, "a1", 5);
        assertThat(Files.size(local.resolve("activations/chunk-00003.parquet")))
                .isEqualTo(record.bytes(RunTable.ACTIVATIONS));
        assertThat(CommittedChunks.read(run(scheme), hadoop).numbers()).containsExactly(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "strict"})
    void anAttemptThatComesLateLeavesTheCommittedChunkAlone(String scheme) throws IOException {
        RunWriter writer = writer(scheme);
        try (ChunkWriter late = writer.open(new ChunkIdentity(0, "late"))) {
            fill(late, 1, 2, 3);
            CommitRecord first = commit(writer, 0, "early", 1);
            assertThat(late.commit()).isEqualTo(first);
        }
        CommittedChunks committed = CommittedChunks.read(run(scheme), hadoop);
        assertThat(committed.rows(RunTable.PROMPTS)).isEqualTo(1);
        assertThat(local.resolve("_staging")).isEmptyDirectory();
    }

    @Test
    void localRunsHaveNoCrcFiles() throws IOException {
        commit(writer("file"), 0, "a0", 1);
        try (Stream<Path> all = Files.walk(local)) {
            assertThat(all.filter(file -> file.toString().endsWith(".crc"))).isEmpty();
        }
    }

    @Test
    void checksumsOfRunsAreEqualHoweverTheirPromptsWereCutIntoChunks() throws IOException {
        RunDirectory one = RunDirectory.of(local + "-one");
        RunDirectory two = RunDirectory.of(local + "-two");
        RunDirectory other = RunDirectory.of(local + "-other");
        commit(RunWriter.of(one, WriteOptions.DEFAULT, hadoop), 0, "a", 1, 2, 9);
        RunWriter cut = RunWriter.of(two, WriteOptions.DEFAULT.withCompression(Compression.SNAPPY), hadoop);
        commit(cut, 0, "a", 9);
        commit(cut, 1, "a", 2, 1);
        commit(RunWriter.of(other, WriteOptions.DEFAULT, hadoop), 0, "a", 1, 2, 8);
        String checksum = CommittedChunks.read(one, hadoop).vectorChecksum();
        assertThat(CommittedChunks.read(two, hadoop).vectorChecksum()).isEqualTo(checksum);
        assertThat(CommittedChunks.read(other, hadoop).vectorChecksum()).isNotEqualTo(checksum);
    }

    @Test
    void aDamagedFileIsNamedWhenARunIsTakenUpAgain() throws IOException {
        CommitRecord record = commit(writer("file"), 0, "a0", 1);
        long length = record.bytes(RunTable.ACTIVATIONS);
        try (RandomAccessFile file = new RandomAccessFile(
                local.resolve("activations/chunk-00000.parquet").toFile(), "rw")) {
            file.setLength(length - 1);
        }
        Files.delete(local.resolve("errors/chunk-00000.parquet"));
        assertThatThrownBy(() -> CommittedChunks.read(run("file"), hadoop))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(
                        "activations/chunk-00000.parquet (" + length + " bytes recorded, " + (length - 1) + " found)")
                .hasMessageContaining("errors/chunk-00000.parquet (")
                .hasMessageContaining("missing");
    }

    @Test
    void aBrokenIsOneClearMessageAndKeepsEarlierChunks() throws IOException {
        RunWriter writer = writer("strict");
        commit(writer, 0, "a0", 1);
        try (StrictFileSystem.Broken full = StrictFileSystem.fullAfter(2000)) {
            assertThatThrownBy(() -> commit(writer, 1, "a0", 1, 2, 3, 4, 5, 6))
                    .isInstanceOf(TableWriteException.class)
                    .hasMessageContaining("cannot write chunk 1 of strict:" + local)
                    .hasMessageContaining("No space left on device; free space")
                    .hasMessageContaining("chunks committed so far are kept");
        }
        assertThat(local.resolve("_staging")).isEmptyDirectory();
        assertThat(CommittedChunks.read(run("strict"), hadoop).numbers()).containsExactly(0);
        assertThat(visibleFiles()).hasSize(4);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullLocalDiskIsTheSameMessage() throws IOException {
        RunWriter writer = writer("file");
        try (ChunkWriter chunk = writer.open(new ChunkIdentity(0, "a0"))) {
            fill(chunk, 1, 2, 3);
            Path staged = local.resolve("_staging/chunk-00000-a0/activations.parquet");
            Files.createSymbolicLink(staged, Path.of("/dev/full"));
            assertThatThrownBy(chunk::commit)
                    .isInstanceOf(TableWriteException.class)
                    .hasMessageContaining("No space left on device; free space");
        }
        assertThat(local.resolve("_staging")).isEmptyDirectory();
    }

    @Test
    void anUnwritableOutputIsOneClearMessage() throws IOException {
        Files.writeString(local, "a file where the run should be");
        assertThatThrownBy(() -> commit(writer("file"), 0, "a0", 1))
                .isInstanceOf(TableWriteException.class)
                .hasMessageContaining("cannot write to file:" + local)
                .hasMessageContaining("set output.path elsewhere");
    }

    @Test
    void aFinishedAttemptTakesNoMoreRows() {
        try (ChunkWriter chunk = writer("file").open(new ChunkIdentity(0, "a0"))) {
            chunk.commit();
            assertThatThrownBy(() -> Samples.append(chunk, 0, 1, 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("chunk 0, attempt a0, was committed or closed; open a new attempt");
        }
    }

    @Test
    void anAttemptsNameMustNameADirectory() {
        assertThatThrownBy(() -> new ChunkIdentity(0, "a/b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not 'a/b'");
    }
}
