package io.sightline.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.fixtures.Fixtures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.scalatestplus.junit5.JUnitSuite;

/** What a user gets wrong costs one message and exit code 2, and leaves nothing behind. */
public class WrongInputSuite extends JUnitSuite {
    private static final Path MODEL = Fixtures.repositoryPath("conf/quickstart/model");

    private Path folder;
    private Path output;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("sightline-wrong-");
        output = folder.resolve("out");
        Files.writeString(folder.resolve("prompts.jsonl"), "{\"id\": \"a\", \"text\": \"3 plus 4 is\"}\n");
    }

    @AfterEach
    void deleteFolder() {
        FileUtils.deleteQuietly(folder.toFile());
    }

    /** Quotes keep YAML from reading a path's characters. */
    private Path job() throws IOException {
        return Files.writeString(
                folder.resolve("job.yaml"),
                "name: wrong\nmodel: { path: '" + MODEL + "' }\nprompts: { path: '" + folder.resolve("prompts.jsonl")
                        + "', text: text, id: id }\ncapture:\n  - { name: resid, module: transformer.h.*, tokens: last }\n"
                        + "output: { path: '" + output + "' }\n");
    }

    private Sightline run(String... settings) throws IOException {
        List<Object> arguments = new ArrayList<>(List.of("run", job(), "--master", "local[1]"));
        for (String setting : settings) {
            arguments.add("--set");
            arguments.add(setting);
        }
        return Sightline.run(arguments.toArray());
    }

    private void assertRefused(Sightline run, String... message) {
        assertThat(run.code()).as(run.said()).isEqualTo(2);
        assertThat(run.err()).contains(message).doesNotContain("\tat ").startsWith("sightline: ");
        assertThat(run.err().strip().lines()).as(run.err()).hasSizeLessThanOrEqualTo(3);
        assertThat(output).doesNotExist();
    }

    private Path checkpoint() throws IOException {
        Path copy = folder.resolve("model");
        FileUtils.copyDirectory(MODEL.toFile(), copy.toFile());
        return copy;
    }

    @Test
    void noJobFile() {
        assertRefused(Sightline.run("run", folder.resolve("absent.yaml")), "no such job file", "absent.yaml");
    }

    @Test
    void aDirectoryInPlaceOfAJobFile() {
        assertRefused(Sightline.run("run", folder), folder + " is a directory; expected a job file");
    }

    @Test
    void aMasterThatIsNotThereFailsTheRunAtOnce() throws IOException {
        Sightline unknown = Sightline.run("run", job(), "--master", "spark://nowhere.invalid:7077");
        assertThat(unknown.code()).as(unknown.said()).isEqualTo(1);
        assertThat(unknown.err())
                .contains("cannot reach the Spark master spark://nowhere.invalid:7077")
                .contains("unknown host");
        Sightline silent = Sightline.run("sql", "--master", "spark://127.0.0.1:1", folder, "SELECT 1");
        assertThat(silent.code()).as(silent.said()).isEqualTo(1);
        assertThat(silent.err()).contains("cannot reach the Spark master spark://127.0.0.1:1 (Connection refused)");
        assertRefused(Sightline.run("run", job(), "--master", "spark://nowhere"), "'nowhere' is no HOST:PORT");
    }

    @Test
    void aGraphThatIsNotThereIsNamedWithTheWorkingDirectory() throws IOException {
        assertRefused(
                run("graph=absent/graph.json"),
                "graph: no such file: " + Path.of("absent/graph.json").toAbsolutePath(),
                "relative paths in a job file start at the working directory");
    }

    @Test
    void anOutputThatCannotBeWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "in the way");
        assertRefused(
                run("output.path=" + file.resolve("out")),
                "output.path: cannot write to " + file.resolve("out"),
                "choose a directory that you may write to");
    }

    @Test
    void mistakesInTheJobAreToldBeforeAnOutputThatExists() throws IOException {
        Files.createDirectory(output);
        Files.writeString(output.resolve("mine.txt"), "precious");
        Sightline run = run("capture[0].module=transformer.layer.*");
        assertThat(run.code()).as(run.said()).isEqualTo(2);
        assertThat(run.err()).contains("transformer.layer.*").doesNotContain("exists already");
    }

    @Test
    void aTabInTheJobFile() throws IOException {
        Path job = Files.writeString(folder.resolve("job.yaml"), "name: wrong\nmodel:\n\tpath: x\n");
        assertRefused(Sightline.run("run", job), "is no valid YAML (line 3)", "a tab; YAML is indented with spaces");
    }

    @Test
    void anEmptyPromptFile() throws IOException {
        Path file = Files.createFile(folder.resolve("none.jsonl"));
        assertRefused(run("prompts.path=" + file), "prompts: there are none in " + file);
    }

    @Test
    void aConditionThatDoesNotFitNamesItsCapture() throws IOException {
        assertRefused(run("capture[0].where=tusk = 1"), "capture 'resid': where: 'tusk = 1' does not fit", "tusk");
    }

    @Test
    void aSettingWithoutAValue() throws IOException {
        assertRefused(run("batch.max_size"), "sightline: --set takes KEY=VALUE, not 'batch.max_size'");
    }

    @Test
    void resumeAndOverwriteTogether() throws IOException {
        assertRefused(
                Sightline.run("run", job(), "--resume", "--overwrite"),
                "sightline: --resume and --overwrite exclude each other; give one of them");
    }

    @Test
    void aReportOfAProbeDirectory() throws IOException {
        Files.createDirectories(folder.resolve("probed/probes"));
        Files.writeString(folder.resolve("probed/probes/part-0.parquet"), "PAR1");
        Files.writeString(folder.resolve("probed/manifest.json"), "{\"content\": \"probes\"}");
        assertRefused(
                Sightline.run("report", folder.resolve("probed")),
                "is the output of a probe; give the run that it was trained on first, and it second");
    }

    @Test
    void aManifestThatIsNone() throws IOException {
        Path run = Files.createDirectory(folder.resolve("run"));
        Files.writeString(run.resolve("manifest.json"), "{\"content\": \"soup\"}");
        assertRefused(
                Sightline.run("report", run),
                "manifest.json is not a run's manifest: it says that its directory holds soup");
    }

    @Test
    void aFileOfStatementsThatIsNotThere() {
        assertRefused(
                Sightline.run("sql", folder, "-f", folder.resolve("nope.sql")),
                "cannot read the statements of " + folder.resolve("nope.sql") + ": no such file or directory");
    }

    @Test
    void noModelDirectory() throws IOException {
        assertRefused(run("model.path=" + folder.resolve("absent")), "model.path", "no such directory", "absent");
    }

    @Test
    void aDirectoryThatIsNoCheckpoint() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertRefused(run("model.path=" + empty), "empty", "config.json");
    }

    @Test
    void anUnknownModelType() throws IOException {
        Path model = checkpoint();
        Path config = model.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"gpt2\"", "\"gpt3\""));
        assertRefused(run("model.path=" + model), "gpt3", "gpt2");
    }

    @Test
    void aCorruptSafetensorsHeader() throws IOException {
        Path model = checkpoint();
        Path weights = model.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        System.arraycopy("garbage!".getBytes(StandardCharsets.US_ASCII), 0, bytes, 0, 8);
        Files.write(weights, bytes);
        assertRefused(run("model.path=" + model), "model.safetensors");
    }

    @Test
    void anUnknownKeySuggestsTheNearest() throws IOException {
        assertRefused(run("batch.max_token=10"), "batch.max_token", "max_tokens");
    }

    @Test
    void aModulePatternThatFitsNothing() throws IOException {
        assertRefused(run("capture[0].module=transformer.layer.*"), "transformer.layer.*", "'transformer' has wte");
    }

    @Test
    void anOutputDirectoryThatExists() throws IOException {
        Files.createDirectory(output);
        Files.writeString(output.resolve("mine.txt"), "precious");
        Sightline run = run();
        assertThat(run.code()).as(run.said()).isEqualTo(2);
        assertThat(run.err()).contains("exists already").contains(output.toString());
        assertThat(output.toFile().list()).containsExactly("mine.txt");
    }

    @Test
    void overwriteLeavesADirectoryAloneThatIsNoRun() throws IOException {
        Files.createDirectory(output);
        Files.writeString(output.resolve("mine.txt"), "precious");
        Sightline run = Sightline.run("run", job(), "--overwrite");
        assertThat(run.code()).as(run.said()).isEqualTo(2);
        assertThat(run.err()).contains("is not a run directory");
        assertThat(output.toFile().list()).containsExactly("mine.txt");
    }

    @Test
    void noPromptFile() throws IOException {
        assertRefused(run("prompts.path=" + folder.resolve("absent.jsonl")), "prompts", "absent.jsonl");
    }

    @Test
    void aCorruptPromptFile() throws IOException {
        Path file = Files.writeString(folder.resolve("prompts.jsonl.gz"), "no gzip at all");
        assertRefused(run("prompts.path=" + file), "prompts: cannot read", "prompts.jsonl.gz");
    }

    @Test
    void aTextColumnThatIsNotThere() throws IOException {
        assertRefused(run("prompts.text=txt"), "no column 'txt'", "text");
    }

    @Test
    void idsThatOccurTwiceAreNamed() throws IOException {
        Files.writeString(
                folder.resolve("prompts.jsonl"),
                "{\"id\": \"a\", \"text\": \"one\"}\n{\"id\": \"twin\", \"text\": \"two\"}\n{\"id\": \"twin\", \"text\": \"three\"}\n");
        assertRefused(run(), "prompts.id", "twin");
    }

    @Test
    void aGraphWithMoreInvokesThanTextColumns() throws IOException {
        assertRefused(
                run("graph=" + Fixtures.repositoryPath("conf/quickstart/graph.json")), "2 invokes", "prompts.text");
    }

    @Test
    void aNameForANodeThatTheGraphDoesNotSave() throws IOException {
        assertRefused(
                run(
                        "graph=" + Fixtures.repositoryPath("conf/quickstart/graph.json"),
                        "prompts.text=[text, text]",
                        "values.top=proxy_call_9"),
                "values.top",
                "proxy_call_9");
    }

    @Test
    void verboseAddsTheStackTrace() throws IOException {
        Sightline run = Sightline.run("run", job(), "--verbose", "--set", "model.path=" + folder.resolve("absent"));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("no such directory").contains("\tat io.sightline");
    }

    @Test
    void aCommandThatDoesNotExist() {
        Sightline run = Sightline.run("rum");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("rum").contains("run");
    }

    @Test
    void everyCommandHasHelp() {
        for (String command : List.of("run", "tree", "trace", "generate", "sql", "probe", "report")) {
            Sightline run = Sightline.run(command, "--help");
            assertThat(run.code()).as(run.said()).isZero();
            assertThat(run.out()).contains("sightline " + command);
        }
    }
}
