package io.sightline.job.table.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.job.table.CommittedChunks;
import io.sightline.job.table.Manifest;
import io.sightline.job.table.PublishedFiles;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import io.sightline.job.table.files.DirectorySwap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplacementTest {
    @TempDir
    Path directory;

    private Configuration hadoop;

    @BeforeEach
    void registerStrict() {
        hadoop = StrictFileSystem.register(new Configuration());
    }

    private static Manifest manifest(String name, int chunks) {
        return new Manifest(
                Manifest.FORMAT_VERSION,
                name,
                Manifest.Status.COMPLETE,
                "name: " + name,
                Map.of(),
                new Manifest.Identity(Map.of()),
                new Manifest.Environment("float32", "cpu", "sdpa"),
                Map.of(),
                new Manifest.ChunkPlan(chunks, chunks, "hash"),
                null,
                null,
                null);
    }

    private RunWriter fill(RunDirectory run, String name, int chunks) {
        RunWriter writer = RunWriter.of(run, WriteOptions.DEFAULT, hadoop);
        for (int number = 0; number < chunks; number++) {
            try (ChunkWriter chunk = writer.open(new ChunkIdentity(number, name))) {
                Samples.append(chunk, number, 2, name.equals("old") ? 8 : 16);
                chunk.prompt(new PromptRow(Samples.prompt(number), name, new int[] {1}, null, 1, List.of()));
                if (name.equals("old")) {
                    chunk.error(new ErrorRow(Samples.prompt(number), "forward", "Failure", "of the old run alone"));
                }
                chunk.commit();
            }
        }
        return writer;
    }

    /** A finished run of three chunks, and in it one of two chunks that is to replace it. */
    private RunDirectory oldAndNew(String scheme, String folder) {
        RunDirectory run = RunDirectory.of(scheme + "://" + directory.resolve(folder));
        fill(run, "old", 3).write(manifest("old", 3));
        fill(run.next(), "new", 2);
        return run;
    }

    private void requireNew(RunDirectory run) throws IOException {
        CommittedChunks chunks = CommittedChunks.read(run, hadoop);
        assertThat(chunks.numbers()).containsExactly(0, 1);
        assertThat(chunks.records())
                .allSatisfy(record -> assertThat(record.attempt()).isEqualTo("new"));
        Path root = Path.of(run.root().toUri().getPath());
        assertThat(root.toFile().list())
                .containsExactlyInAnyOrder("activations", "values", "prompts", "errors", "manifest.json", "_commits");
        assertThat(root.resolve("activations").toFile().list()).hasSize(2);
        assertThat(root.resolve("errors").toFile().list()).containsExactly("chunk-00000.parquet");
        assertThat(Manifest.fromJson(Files.readString(root.resolve("manifest.json")))
                        .name())
                .isEqualTo("new");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "strict"})
    void theOldRunIsWholeUntilTheNewOneIsDecidedOn(String scheme) throws IOException {
        RunDirectory run = oldAndNew(scheme, "run");
        CommittedChunks chunks = CommittedChunks.read(run, hadoop);
        assertThat(chunks.numbers()).containsExactly(0, 1, 2);
        assertThat(chunks.rows(RunTable.ACTIVATIONS)).isEqualTo(12);
        DirectorySwap replacement = run.swap(hadoop);
        assertThat(replacement.isDecided()).isFalse();
        replacement.decide(manifest("new", 2).toJson());
        replacement.finish();
        requireNew(run);
    }

    @Test
    void brokenOffAtAnyPointItIsFinishedLater() throws IOException {
        int broken = 0;
        boolean whole = false;
        while (!whole) {
            RunDirectory run = oldAndNew("strict", "run" + broken);
            DirectorySwap replacement = run.swap(hadoop);
            replacement.decide(manifest("new", 2).toJson());
            try (var trouble = StrictFileSystem.brokenAfter(broken)) {
                assertThat(trouble).isNotNull();
                replacement.finish();
                whole = true;
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("the connection is gone");
                assertThatThrownBy(() -> PublishedFiles.of(run, hadoop))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("is just being replaced")
                        .hasMessageContaining("--resume");
                assertThat(replacement.isDecided()).isTrue();
                run.swap(hadoop).finish();
            }
            requireNew(run);
            broken++;
        }
        assertThat(broken).isGreaterThan(10);
    }

    @Test
    void filesWithoutACommitRecordDoNotCountWhileARunIsUnderWay() throws IOException {
        RunDirectory run = RunDirectory.of("file://" + directory.resolve("run"));
        fill(run, "old", 3);
        Path root = directory.resolve("run");
        Files.writeString(root.resolve("_run.json"), manifest("old", 3).toJson());
        Files.delete(root.resolve("_commits/chunk-00001.json"));
        PublishedFiles published = PublishedFiles.of(run, hadoop);
        assertThat(published.names()).containsExactly("chunk-00000.parquet", "chunk-00002.parquet");
        assertThat(published.condition())
                .isEqualTo("_metadata.file_name IN ('chunk-00000.parquet', 'chunk-00002.parquet')");
    }
}
