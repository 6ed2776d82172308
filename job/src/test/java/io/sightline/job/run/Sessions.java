package io.sightline.job.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.CommittedChunks;
import io.sightline.job.table.Manifest;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.write.ChunkIdentity;
import io.sightline.job.table.write.ChunkWriter;
import io.sightline.job.table.write.PromptRef;
import io.sightline.job.table.write.PromptRow;
import io.sightline.job.table.write.RunWriter;
import io.sightline.job.table.write.WriteOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * Sessions of a run without Spark: everything that a driver and its tasks do to the output directory, with rows that say which job they are of.
 *
 * @param location of the output, with its scheme
 */
record Sessions(String location, Configuration hadoop) {
    static Manifest begun(String job, int chunks) {
        return new Manifest(
                Manifest.FORMAT_VERSION,
                job,
                Manifest.Status.RUNNING,
                "name: " + job,
                Map.of(),
                new Manifest.Identity(Map.of("job", job)),
                new Manifest.Environment("float32", "cpu", "sdpa"),
                Map.of(),
                new Manifest.ChunkPlan(chunks, chunks, job),
                null,
                null,
                null);
    }

    RunFolder folder() {
        return RunFolder.of(location, TableFormat.PARQUET, hadoop);
    }

    /** A whole session, as RunSession does it. */
    void run(OutputMode mode, String job, int chunks) throws IOException {
        RunFolder folder = folder();
        folder.check(mode);
        try (ClaimedRun run = folder.open(mode, begun(job, chunks))) {
            work(run, job, chunks);
        }
    }

    void work(ClaimedRun run, String job, int chunks) throws IOException {
        CommittedChunks before = run.before();
        List<CommitRecord> reports = new ArrayList<>();
        for (int chunk = 0; chunk < chunks; chunk++) {
            if (!before.contains(chunk)) {
                reports.add(commit(run, job, chunk));
            }
        }
        CommittedChunks all = run.committed(reports);
        assertThat(all.numbers()).hasSize(chunks);
        run.complete(run.manifest()
                .ended(
                        Manifest.Status.COMPLETE,
                        Manifest.Counts.of(all),
                        new SessionTimings(Instant.now(), all, List.of()).untilNow()));
    }

    CommitRecord commit(ClaimedRun run, String job, int chunk) {
        RunWriter writer = RunWriter.of(run.run(), WriteOptions.DEFAULT, run.owner(), hadoop);
        try (ChunkWriter rows =
                writer.open(new ChunkIdentity(chunk, UUID.randomUUID().toString()))) {
            PromptRef prompt = new PromptRef(chunk, "p" + chunk);
            rows.prompt(new PromptRow(prompt, job, new int[] {1}, null, 1, List.of()));
            rows.value(prompt, job, 0, new int[] {2}, new float[] {chunk, job.hashCode()}, 0);
            return rows.commit();
        }
    }

    /** Checks that {@code root} holds the complete run of {@code job}, as if nothing had ever disturbed it. */
    static void checkUndisturbed(Path root, String job, int chunks) throws IOException {
        Path expected = root.resolveSibling("undisturbed-" + job + chunks);
        if (!Files.exists(expected)) {
            new Sessions(expected.toString(), new Configuration()).run(OutputMode.CREATE, job, chunks);
        }
        assertThat(names(root)).isEqualTo(names(expected));
        for (String name : names(expected)) {
            if (name.endsWith(".parquet")) {
                assertThat(root.resolve(name)).hasSameBinaryContentAs(expected.resolve(name));
            }
        }
        Manifest manifest = Manifest.fromJson(Files.readString(root.resolve("manifest.json")));
        assertThat(manifest.status()).isEqualTo(Manifest.Status.COMPLETE);
        assertThat(manifest.name()).isEqualTo(job);
        CommittedChunks committed = CommittedChunks.read(RunDirectory.of(root.toString()), new Configuration());
        assertThat(committed.ofRun(manifest.runId()).numbers()).hasSize(chunks);
        assertThat(committed.records()).hasSize(chunks);
        assertThat(manifest.counts()).isEqualTo(Manifest.Counts.of(committed));
    }

    private static List<String> names(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.map(path -> root.relativize(path).toString()).sorted().toList();
        }
    }
}
