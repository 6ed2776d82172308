package io.sightline.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.fixtures.Fixtures;
import io.sightline.job.table.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.scalatestplus.junit5.JUnitSuite;

/** Rows that can't be used end in the errors table, and the run goes on as long as the job allows. */
public class BadPromptsSuite extends JUnitSuite {
    private Path folder;
    private Path output;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("sightline-bad-");
        output = folder.resolve("out");
    }

    @AfterEach
    void deleteFolder() {
        FileUtils.deleteQuietly(folder.toFile());
    }

    private Sightline run(String prompts, String... more) throws IOException {
        Path job = Files.writeString(
                folder.resolve("job.yaml"),
                "name: bad\nmodel: { path: '" + Fixtures.repositoryPath("conf/quickstart/model") + "' }\nprompts: "
                        + prompts + "\ncapture:\n  - { name: resid, module: 'transformer.h.[0,5]', tokens: last }\n"
                        + "output: { path: '" + output + "' }\n");
        List<Object> arguments = new ArrayList<>(List.of("run", job, "--master", "local[2]"));
        arguments.addAll(List.of(more));
        return Sightline.run(arguments.toArray());
    }

    private String sql(String query) {
        Sightline answer = Sightline.run("sql", "--master", "local[2]", "--format", "csv", output, query);
        assertThat(answer.code()).as(answer.said()).isZero();
        return answer.out();
    }

    private String texts() throws IOException {
        Path file = folder.resolve("prompts.jsonl");
        Files.writeString(
                file,
                "{\"id\": \"good\", \"text\": \"3 plus 4 is\"}\n{\"id\": \"null\", \"text\": null}\n"
                        + "{\"id\": \"empty\", \"text\": \"\"}\n{\"id\": \"long\", \"text\": \"" + "word ".repeat(100)
                        + "\"}\nno json at all\n{\"id\": \"fine\", \"text\": \"People in Germany speak\"}\n");
        return "{ path: '" + file + "', text: text, id: id }";
    }

    @Test
    void badTextsAreNamedWithTheirReason() throws IOException {
        Sightline run = run(texts());
        assertThat(run.code()).as(run.said()).isZero();
        assertThat(run.out())
                .contains(
                        "4 bad prompts: 1 EmptyText, 1 NullText, 1 TooLong, 1 UnusableRow; see the errors table",
                        "the first: ");
        String answers = sql("select prompt_id, count(*) from activations group by 1 order by 1;"
                + " select prompt_id, stage, error_class from errors order by prompt_id");
        assertThat(answers).contains("fine,2\ngood,2\n");
        assertThat(answers)
                .contains("empty,input,EmptyText", "long,tokenize,TooLong", "null,input,NullText", "row-")
                .contains("input,UnusableRow");
    }

    @Test
    void anErrorLimitFailsTheRunAndNothingLooksFinished() throws IOException {
        Sightline run = run(texts(), "--set", "errors.limit=1");
        assertThat(run.code()).as(run.said()).isEqualTo(1);
        assertThat(run.err()).contains("errors.limit").doesNotContain("\tat ");
        assertThat(output.resolve("manifest.json")).doesNotExist();
    }

    @Test
    void badTokenIdsAreNamedWithTheirReason() throws IOException {
        Path file = folder.resolve("ids.jsonl");
        Files.writeString(
                file,
                "{\"id\": \"good\", \"ids\": [0, 19, 386]}\n{\"id\": \"high\", \"ids\": [1, 768]}\n"
                        + "{\"id\": \"negative\", \"ids\": [-1]}\n{\"id\": \"none\", \"ids\": []}\n");
        Sightline run = run("{ path: '" + file + "', input_ids: ids, id: id }");
        assertThat(run.code()).as(run.said()).isZero();
        assertThat(sql("select prompt_id, error_class from errors order by prompt_id;"
                        + " select prompt_id, input_ids from prompts"))
                .contains("high,BadTokenId\nnegative,BadTokenId\nnone,NoTokens\n")
                .contains("good,\"[0,19,386]\"");
    }

    @Test
    void aRunWhosePromptsAreAllBadFails() throws IOException {
        Path file = Files.writeString(folder.resolve("prompts.jsonl"), "{\"id\": \"a\", \"text\": \"\"}\n");
        Sightline run = run("{ path: '" + file + "', text: text, id: id }");
        assertThat(run.code()).as(run.said()).isEqualTo(1);
        assertThat(run.err()).contains("every one of the 1 prompts failed; the first: a: text is empty");
        assertThat(output.resolve("manifest.json")).doesNotExist();
    }

    @Test
    void overwriteReplacesARun() throws IOException {
        assertThat(run(texts()).code()).isZero();
        Path stale = Files.writeString(output.resolve("activations/chunk-09999.parquet"), "stale");
        assertThat(run(texts()).code()).isEqualTo(2);
        Sightline again = run(texts(), "--overwrite");
        assertThat(again.code()).as(again.said()).isZero();
        assertThat(stale).doesNotExist();
        Manifest manifest = Manifest.fromJson(Files.readString(output.resolve("manifest.json")));
        assertThat(manifest.counts().activations()).isEqualTo(4);
    }
}
