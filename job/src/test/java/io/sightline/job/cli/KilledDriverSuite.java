package io.sightline.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.fixtures.Fixtures;
import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.CommittedChunks;
import io.sightline.job.table.Manifest;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.write.KillingFileSystem;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.scalatestplus.junit5.JUnitSuite;

/**
 * Whole JVMs that are halted before the N-th file operation under the output, and gone on with. A few N; all of them with {@code
 * SIGHTLINE_KILL_STEPS=all}, which scripts/kill-at-every-step sets. {@code KilledDriverTest} tries every N without Spark.
 */
public class KilledDriverSuite extends JUnitSuite {
    private static final boolean ALL = "all".equals(System.getenv("SIGHTLINE_KILL_STEPS"));
    private static final String NEWER = "capture[0].tokens=last";

    private Path folder;
    private Path output;
    private Path job;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("sightline-killed-");
        Path prompts = Files.write(
                folder.resolve("prompts.jsonl"),
                Files.readAllLines(Fixtures.repositoryPath("conf/quickstart/prompts.jsonl"))
                        .subList(0, 80));
        output = folder.resolve("out");
        job = Files.writeString(
                folder.resolve("job.yaml"),
                "name: killed\nmodel: { path: '" + Fixtures.repositoryPath("conf/quickstart/model")
                        + "' }\nprompts: { path: '" + prompts + "', text: text, id: id }\nchunk: { rows: 40 }\n"
                        + "capture:\n  - { name: resid, module: 'transformer.h.0', tokens: all }\noutput: { path: '"
                        + output + "' }\n");
    }

    @AfterEach
    void deleteFolder() {
        FileUtils.deleteQuietly(folder.toFile());
    }

    private void succeed(String... more) {
        List<Object> arguments = new ArrayList<>(List.of("run", job, "--master", "local[1]"));
        arguments.addAll(List.of(more));
        Sightline run = Sightline.run(arguments.toArray());
        assertThat(run.code()).as(run.said()).isZero();
    }

    /** The same command in a JVM of its own. */
    private Process start(List<String> settings, String... more) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-") || argument.startsWith("-XX:"))
                .forEach(command::add);
        command.addAll(settings);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("run", job.toString(), "--master", "local[1]"));
        command.addAll(List.of(more));
        File said = Files.createTempFile(folder, "said", ".txt").toFile();
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said)
                .start();
    }

    /** Returns whether the JVM was halted before operation {@code step}; else it has ended well. */
    private boolean isKilled(long step, String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of("--set", "output.path=killing://" + output));
        Process child = start(
                List.of(
                        "-Dspark.hadoop.fs.killing.impl=" + KillingFileSystem.CLASS,
                        "-Dspark.hadoop.fs.killing.halt=" + step),
                arguments.toArray(String[]::new));
        int code = child.waitFor();
        assertThat(code).as("before step " + step).isIn(0, KillingFileSystem.HALTED);
        return code != 0;
    }

    private static List<List<CommitRecord.FileEntry>> files(Path run) throws IOException {
        return CommittedChunks.read(RunDirectory.of(run.toString()), new Configuration()).records().stream()
                .map(CommitRecord::files)
                .toList();
    }

    private void checkUndisturbed(List<List<CommitRecord.FileEntry>> expected, int before) throws IOException {
        assertThat(files(output)).isEqualTo(expected);
        Manifest manifest = Manifest.fromJson(Files.readString(output.resolve("manifest.json")));
        assertThat(manifest.status()).isEqualTo(Manifest.Status.COMPLETE);
        assertThat(output.toFile().list())
                .allSatisfy(name -> assertThat(name)
                        .isIn("activations", "values", "prompts", "errors", "manifest.json", "_commits"));
        assertThat(output.resolve("activations").toFile().list())
                .as("chunks, where " + before + " were before")
                .hasSize(2);
    }

    private List<List<CommitRecord.FileEntry>> undisturbed(String... more) throws IOException {
        succeed(more);
        List<List<CommitRecord.FileEntry>> files = files(output);
        FileUtils.deleteDirectory(output.toFile());
        return files;
    }

    private static long[] steps(long... some) {
        return ALL ? LongStream.range(1, 1000).toArray() : some;
    }

    @Test
    void aFreshRunAndItsResumesEndAsIfNobodyHadKilledThem() throws Exception {
        List<List<CommitRecord.FileEntry>> expected = undisturbed();
        for (long step : steps(4, 7, 25)) {
            boolean killed = isKilled(step);
            if (killed && step % 3 == 1) { // and the resumed one too
                isKilled(Math.max(6, step / 2), "--resume");
            }
            succeed("--resume");
            checkUndisturbed(expected, 0);
            FileUtils.deleteDirectory(output.toFile());
            if (!killed) {
                return;
            }
        }
    }

    @Test
    void aRunThatReplacesAnotherEndsAsIfNobodyHadKilledIt() throws Exception {
        List<List<CommitRecord.FileEntry>> expected = undisturbed("--set", NEWER);
        for (long step : steps(9, 48, 57)) {
            succeed();
            boolean killed = isKilled(step, "--overwrite", "--set", NEWER);
            boolean begun =
                    !killed || Files.exists(output.resolve("_next")) || Files.exists(output.resolve("_replacing.json"));
            succeed(begun ? "--resume" : "--overwrite", "--set", NEWER);
            checkUndisturbed(expected, 2);
            FileUtils.deleteDirectory(output.toFile());
            if (!killed) {
                return;
            }
        }
    }

    @Test
    void ofTwoProcessesOnOneOutputOneWorksAndTheOtherIsTold() throws Exception {
        List<List<CommitRecord.FileEntry>> one = undisturbed();
        List<List<CommitRecord.FileEntry>> other = undisturbed("--set", NEWER);
        Process first = start(List.of());
        Process second = start(List.of(), "--set", NEWER);
        assertThat(List.of(first.waitFor(), second.waitFor())).containsExactlyInAnyOrder(0, 2);
        checkUndisturbed(first.exitValue() == 0 ? one : other, 0);
        List<String> said = new ArrayList<>();
        for (File file : FileUtils.listFiles(folder.toFile(), new String[] {"txt"}, false)) {
            said.add(Files.readString(file.toPath()));
        }
        assertThat(said).anyMatch(text -> text.contains("is in use by process ") || text.contains("exists already"));
    }
}
