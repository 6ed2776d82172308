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
        assertThat(run.err()).contains("is no run directory");
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
        for (String command : List.of("run", "tree", "trace", "generate", "sql", "probe")) {
            Sightline run = Sightline.run(command, "--help");
            assertThat(run.code()).as(run.said()).isZero();
            assertThat(run.out()).contains("sightline " + command);
        }
    }
}
