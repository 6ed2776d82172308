package io.sightline.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sightline.fixtures.Fixtures;
import io.sightline.job.config.JobFile;
import io.sightline.job.config.JobFileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pages show works as it stands there. */
class PagesTest {
    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/JOB.md"})
    void theJobFileOnAPageIsRead(String page) throws IOException {
        JobFile job = JobFileReader.read(block(page, "yaml"), Map.of());
        assertThat(job.name()).isEqualTo("facts");
        assertThat(job.captures()).hasSize(1);
    }

    @Test
    void theGraphWrittenByHandRuns(@TempDir Path folder) throws IOException {
        Path graph = Files.writeString(folder.resolve("graph.json"), block("docs/GRAPHS.md", "json"));
        Path out = folder.resolve("values.safetensors");

        Shell shell = Shell.run(
                new TraceCommand(), Fixtures.repositoryPath("conf/quickstart/model"), "--graph", graph, "--out", out);

        assertThat(shell.code()).as(shell.err()).isZero();
        assertThat(new ObjectMapper()
                        .readTree(folder.resolve("values.json").toFile())
                        .get("values")
                        .size())
                .isEqualTo(1);
    }

    private static String block(String page, String language) throws IOException {
        Matcher block = Pattern.compile("^```" + language + "\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(Fixtures.repositoryPath(page)));
        assertThat(block.find()).as("a " + language + " block in " + page).isTrue();
        return block.group(1);
    }
}
