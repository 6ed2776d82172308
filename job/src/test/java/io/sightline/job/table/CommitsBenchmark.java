package io.sightline.job.table;

import io.sightline.job.table.CommitRecord.FileEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;

/** What the driver does with the commit records of a large run, in seconds: {@code CommitsBenchmark [chunks]}. */
final class CommitsBenchmark {
    private static final int CHUNKS = 100_000;

    private CommitsBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        int chunks = arguments.length == 0 ? CHUNKS : Integer.parseInt(arguments[0]);
        Path root = Files.createTempDirectory("sightline-commits-");
        RunDirectory run = RunDirectory.of(root.toString());
        List<CommitRecord> records = write(root, run, chunks);
        Configuration hadoop = new Configuration();
        long start = System.nanoTime();
        CommittedChunks read = CommittedChunks.read(run, hadoop);
        report("a resumed run reads and verifies them", read, start);
        start = System.nanoTime();
        CommittedChunks reported = CommittedChunks.NONE.with(records, run, hadoop);
        report("the end of a run verifies what its tasks reported", reported, start);
        start = System.nanoTime();
        Manifest.Counts.of(reported);
        report("their sums", reported, start);
        FileUtils.deleteDirectory(root.toFile());
    }

    private static List<CommitRecord> write(Path root, RunDirectory run, int chunks) throws IOException {
        Files.createDirectories(root.resolve("_commits"));
        Files.createDirectories(root.resolve("prompts"));
        List<CommitRecord> records = new ArrayList<>();
        for (int chunk = 0; chunk < chunks; chunk++) {
            Files.createFile(root.resolve(run.fileName(RunTable.PROMPTS, chunk)));
            CommitRecord record = new CommitRecord(
                    chunk,
                    "app-1-0-" + chunk,
                    List.of(new FileEntry("prompts", run.fileName(RunTable.PROMPTS, chunk), 512, 0, "00000000")),
                    "00000000000000ff",
                    "00000000000000ff",
                    Map.of("tokens", 5000L, "forward_nanos", 1_000_000L),
                    Map.of("host", "node", "device", "cpu"),
                    "run");
            Files.writeString(root.resolve("_commits/" + RunDirectory.chunkName(chunk) + ".json"), record.toJson());
            records.add(record);
        }
        return records;
    }

    private static void report(String what, CommittedChunks chunks, long start) {
        System.out.printf("%d chunks: %s: %.2f s%n", chunks.numbers().size(), what, (System.nanoTime() - start) / 1e9);
    }
}
