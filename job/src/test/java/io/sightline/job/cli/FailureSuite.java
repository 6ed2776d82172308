package io.sightline.job.cli;

import static io.sightline.envoy.Index.all;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.family.LoadOptions;
import io.sightline.fixtures.Fixtures;
import io.sightline.graph.WireWriter;
import io.sightline.job.table.CommittedChunks;
import io.sightline.job.table.Manifest;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.write.StrictFileSystem;
import io.sightline.trace.Invoker;
import io.sightline.trace.LanguageModel;
import io.sightline.trace.Tracer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.scalatestplus.junit5.JUnitSuite;

/** What goes wrong around a run: one clear message, the right exit code, committed chunks kept, and --resume ends it. */
public class FailureSuite extends JUnitSuite {
    private static final String STRICT = "spark.hadoop.fs.strict.impl";

    private Path folder;
    private Path output;
    private Path prompts;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("sightline-failure-");
        output = folder.resolve("out");
        prompts = Files.write(
                folder.resolve("prompts.jsonl"),
                Files.readAllLines(Fixtures.repositoryPath("conf/quickstart/prompts.jsonl"))
                        .subList(0, 160));
        System.setProperty(STRICT, StrictFileSystem.CLASS);
    }

    @AfterEach
    void deleteFolder() {
        System.clearProperty(STRICT);
        FileUtils.deleteQuietly(folder.toFile());
    }

    private Sightline run(String... more) throws IOException {
        Path job = Files.writeString(
                folder.resolve("job.yaml"),
                "name: failing\nmodel: { path: '" + Fixtures.repositoryPath("conf/quickstart/model")
                        + "' }\nprompts: { path: '" + prompts + "', text: text, id: id }\nchunk: { rows: 40 }\n"
                        + "capture:\n  - { name: resid, module: 'transformer.h.[0,5]', tokens: all }\noutput: { path: '"
                        + output + "' }\n");
        List<Object> arguments = new ArrayList<>(List.of("run", job, "--master", "local[1]"));
        arguments.addAll(List.of(more));
        return Sightline.run(arguments.toArray());
    }

    private Manifest.Counts counts() throws IOException {
        return Manifest.fromJson(Files.readString(output.resolve("manifest.json")))
                .counts();
    }

    private int committed(Path run) throws IOException {
        return CommittedChunks.read(RunDirectory.of(run.toString()), new Configuration())
                .numbers()
                .size();
    }

    private String count(String query) {
        Sightline answer = Sightline.run("sql", "--master", "local[1]", "--format", "csv", output, query);
        assertThat(answer.code()).as(answer.said()).isZero();
        return answer.out().lines().skip(1).findFirst().orElse("");
    }

    private static void requireClear(Sightline run, int code, String... parts) {
        assertThat(run.code()).as(run.said()).isEqualTo(code);
        assertThat(run.err()).contains(parts).doesNotContain("\tat ", "Exception:");
        assertThat(run.err().lines().filter(line -> line.startsWith("sightline: ")))
                .hasSize(1);
    }

    @Test
    void aFullDiskKeepsWhatIsCommittedAndResumeDoesTheRest() throws IOException {
        assertThat(run().code()).isZero();
        Manifest.Counts undisturbed = counts();
        FileUtils.deleteDirectory(output.toFile());
        long half = undisturbed.bytes() / 2;
        try (var full = StrictFileSystem.fullAfter(half)) {
            assertThat(full).isNotNull();
            requireClear(
                    run("--set", "output.path=strict://" + output),
                    1,
                    "No space left on device",
                    "cannot write chunk",
                    "free space",
                    "--resume");
        }
        int kept = committed(output);
        assertThat(kept).isPositive().isLessThan(4);
        assertThat(output.resolve("manifest.json")).doesNotExist();
        assertThat(count("select count(distinct chunk) from prompts")).isEqualTo(String.valueOf(kept));
        Sightline resumed = run("--resume");
        assertThat(resumed.code()).as(resumed.said()).isZero();
        assertThat(counts()).isEqualTo(undisturbed);
    }

    @Test
    void anOutputThatCannotBeMadeIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "not a directory");
        output = file.resolve("out");
        requireClear(run(), 2, "cannot write to " + output);
    }

    @Test
    void overwriteLeavesTheOldRunReadableUntilTheNewOneIsComplete() throws IOException {
        assertThat(run().code()).isZero();
        Manifest.Counts old = counts();
        String newer = "capture[0].tokens=last";
        try (var full = StrictFileSystem.fullAfter(120_000)) {
            assertThat(full).isNotNull();
            requireClear(
                    run("--overwrite", "--set", newer, "--set", "output.path=strict://" + output),
                    1,
                    "No space left on device",
                    "the run that it was to replace is as it was");
        }
        assertThat(counts()).isEqualTo(old);
        assertThat(count("select count(*) from activations")).isEqualTo(String.valueOf(old.activations()));
        assertThat(committed(output.resolve("_next"))).isPositive();
        requireClear(
                run("--resume", "--set", "capture[0].tokens=mean"),
                2,
                "the run that was replacing the one in",
                "capture[0].tokens was last, is mean");
        Sightline replaced = run("--resume", "--set", newer);
        assertThat(replaced.code()).as(replaced.said()).isZero();
        assertThat(counts().activations()).isEqualTo(320);
        assertThat(count("select count(*) from activations")).isEqualTo("320");
        assertThat(output.resolve("_next")).doesNotExist();
    }

    @Test
    void aReplacementThatBreaksOffInItsLastStepIsFinishedByResume() throws IOException {
        assertThat(run().code()).isZero();
        Sightline broken;
        String newer = "capture[0].tokens=last";
        try (var trouble = StrictFileSystem.brokenAfter(45)) {
            assertThat(trouble).isNotNull();
            broken = run("--overwrite", "--set", newer, "--set", "output.path=strict://" + output);
        }
        requireClear(broken, 1, "the connection is gone", "could not take the place", "--resume finishes that");
        requireClear(
                Sightline.run("sql", "--master", "local[1]", output, "select 1"),
                1,
                "is just being replaced by another run");
        Sightline resumed = run("--resume", "--set", newer);
        assertThat(resumed.code()).as(resumed.said()).isZero();
        assertThat(count("select count(*) from activations")).isEqualTo("320");
    }

    @Test
    void aPromptFileThatIsNotWhatItIsCalledIsNamed() throws IOException {
        Path parquet = Files.write(
                folder.resolve("prompts.parquet"), "PAR1 but not really PAR1".getBytes(StandardCharsets.UTF_8));
        prompts = parquet;
        requireClear(run("--set", "prompts.format=parquet"), 2, "prompts: cannot read", "prompts.parquet");
    }

    @Test
    void aModelThatIsGoneOrBrokenIsNamed() throws IOException {
        requireClear(run("--set", "model.path=" + folder.resolve("nothing")), 2, "model.path: no such directory");
        Path model = folder.resolve("model");
        FileUtils.copyDirectory(Fixtures.repositoryPath("conf/quickstart/model").toFile(), model.toFile());
        Files.write(model.resolve("model.safetensors"), new byte[] {1, 2, 3});
        requireClear(run("--set", "model.path=" + model), 2, "model.safetensors");
    }

    /** The residual stream at token 12, which the shorter batches do not have. */
    private Path graphForLongPrompts() throws IOException {
        try (LanguageModel model = LanguageModel.openLazily(
                        Fixtures.repositoryPath("conf/quickstart/model"), LoadOptions.DEFAULT);
                Tracer trace = model.trace()) {
            try (Invoker plain = trace.invoke("3 plus 4 is")) {
                model.get("transformer.h.0").output().get(0).get(all(), 11).save();
            }
            return Files.writeString(folder.resolve("graph.json"), WireWriter.write(trace.block()));
        }
    }

    @Test
    void promptsOnWhichTheGraphFailsAreErrorsAndTheOthersAreKept() throws IOException {
        Sightline some = run("--set", "graph=" + graphForLongPrompts());
        assertThat(some.code()).as(some.said()).isZero();
        Manifest.Counts counts = counts();
        assertThat(counts.errors()).isPositive();
        assertThat(counts.prompts()).isPositive();
        assertThat(counts.prompts() + counts.errors()).isEqualTo(160);
        assertThat(counts.values()).isEqualTo(counts.prompts());
        assertThat(some.out()).contains("errors       " + counts.errors());
        assertThat(count("select count(*) from errors where stage = 'forward' and message like '%11%'"))
                .isEqualTo(String.valueOf(counts.errors()));
        assertThat(count("select count(*) from prompts join errors using (prompt_id)"))
                .isEqualTo("0");
        assertThat(count("select count(distinct prompt_id) from activations"))
                .isEqualTo(String.valueOf(counts.prompts()));
    }
}
