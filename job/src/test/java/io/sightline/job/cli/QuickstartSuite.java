package io.sightline.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.fixtures.Fixtures;
import io.sightline.job.table.Manifest;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.io.FileUtils;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scalatestplus.junit5.JUnitSuite;

/** {@code conf/quickstart/job.yaml} from prompts to SQL, and the same run disturbed. */
public class QuickstartSuite extends JUnitSuite {
    private static Path folder;
    private static Path run;
    private static Sightline finished;

    @BeforeAll
    static void runTheQuickstart() throws IOException {
        folder = Files.createTempDirectory("sightline-quickstart-");
        run = folder.resolve("run");
        finished = quickstart(run);
    }

    @AfterAll
    static void deleteFolder() {
        FileUtils.deleteQuietly(folder.toFile());
    }

    /** The job file's paths are relative to the repository; the tests run in a module of it. */
    private static Sightline quickstart(Path output, String... more) {
        Path conf = Fixtures.repositoryPath("conf/quickstart");
        List<Object> arguments = new ArrayList<>(List.of("run", conf.resolve("job.yaml"), "--master", "local[2]"));
        for (String setting : List.of(
                "model.path=" + conf.resolve("model"),
                "prompts.path=" + conf.resolve("prompts.jsonl"),
                "graph=" + conf.resolve("graph.json"),
                "output.path=" + output)) {
            arguments.add("--set");
            arguments.add(setting);
        }
        arguments.addAll(List.of(more));
        return Sightline.run(arguments.toArray());
    }

    private static Manifest manifest(Path run) throws IOException {
        return Manifest.fromJson(Files.readString(run.resolve("manifest.json")));
    }

    private static String sql(Path run, String query) {
        Sightline answer = Sightline.run("sql", "--master", "local[2]", "--format", "csv", run, query);
        assertThat(answer.code()).as(answer.said()).isZero();
        return answer.out();
    }

    @Test
    void theFourTablesAndTheManifestAreThere() throws IOException {
        assertThat(finished.code()).as(finished.said()).isZero();
        assertThat(finished.out()).contains("27,282 rows", "2,400 rows", "forward passes", "peak");
        Manifest manifest = manifest(run);
        Manifest.Counts counts = manifest.counts();
        assertThat(manifest.status()).isEqualTo(Manifest.Status.COMPLETE);
        assertThat(counts.prompts()).isEqualTo(1200);
        assertThat(counts.activations()).isEqualTo(27_282);
        assertThat(counts.values()).isEqualTo(2400);
        assertThat(counts.errors()).isZero();
        assertThat(run.toFile().list())
                .containsExactlyInAnyOrder(
                        "activations", "values", "prompts", "errors", "vocabulary", "manifest.json", "_commits");
    }

    @Test
    void idsAreSpelledByTheRunsVocabulary() {
        assertThat(sql(run, "select count(*), count(distinct token_id), min(token_id) from vocabulary"))
                .contains("768,768,0");
        assertThat(sql(
                        run,
                        "select count_if(token(input_ids[1]) = tokens[1]) = count(*), token(-1) is null, token(null) is null"
                                + " from prompts"))
                .contains("true,true,true");
    }

    @Test
    void sqlAnswersByLayer() {
        String answer = sql(
                run,
                "select layer, count(*), avg(aggregate(vector, 0D, (a, x) -> a + x * x)) as norm from activations"
                        + " where name = 'resid' group by layer order by layer");
        assertThat(answer.strip().lines().skip(1))
                .hasSize(6)
                .allSatisfy(line -> assertThat(line).matches("[0-5],1200,[0-9.]+"));
    }

    /** conf/quickstart/README.md has what transformers measured on every 4th prompt: arithmetic falls to 0.22, ioi to 0.98. */
    @Test
    void withoutTheAttentionOfBlock2TheModelCannotAdd() {
        String answer = sql(
                run,
                "select task, round(avg(int(plain <> edited)), 2) from prompts join (select prompt_id,"
                        + " max(case when name = 'plain_top1' then value[0] end) as plain,"
                        + " max(case when name = 'edited_top1' then value[0] end) as edited"
                        + " from values group by prompt_id) using (prompt_id) group by task order by task");
        List<String> lines = answer.strip().lines().skip(1).toList();
        assertThat(lines).hasSize(6);
        for (String line : lines) {
            double changed = Double.parseDouble(line.substring(line.indexOf(',') + 1));
            if (line.startsWith("arithmetic")) {
                assertThat(changed).isBetween(0.65, 0.95);
            } else if (line.startsWith("ioi")) {
                assertThat(changed).isLessThan(0.1);
            }
        }
    }

    @Test
    void aResumedRunEqualsAnUndisturbedOne() throws IOException {
        Path broken = folder.resolve("broken");
        FileUtils.copyDirectory(run.toFile(), broken.toFile());
        RunDirectory directory = RunDirectory.of(broken.toString());
        Files.move(broken.resolve("manifest.json"), broken.resolve("_run.json"));
        for (int chunk : new int[] {1, 6}) {
            Files.delete(Path.of(directory.commit(chunk).toString()));
        }
        // Killed between its moves: one file is missing, another is half there.
        Files.delete(Path.of(directory.file(RunTable.ACTIVATIONS, 1).toString()));
        Files.write(Path.of(directory.file(RunTable.PROMPTS, 6).toString()), new byte[100]);
        Sightline resumed = quickstart(broken, "--resume");
        assertThat(resumed.code()).as(resumed.said()).isZero();
        assertThat(resumed.out()).contains("6 chunks were there already");
        assertThat(manifest(broken).counts()).isEqualTo(manifest(run).counts());
        assertThat(manifest(broken).counts().vectorChecksum()).hasSize(16);
        assertThat(broken.resolve("_run.json")).doesNotExist();
        assertThat(broken.resolve("_staging")).doesNotExist();
    }

    @Test
    void resumeRefusesAnotherJobNamingTheDifference() throws IOException {
        Sightline other = quickstart(run, "--resume", "--set", "batch.max_size=7");
        assertThat(other.code()).as(other.said()).isEqualTo(2);
        assertThat(other.err()).contains("--resume", "batch.max_size was absent, is 7", "--overwrite");
        assertThat(manifest(run).status()).isEqualTo(Manifest.Status.COMPLETE);
    }

    @Test
    void aDryRunEstimatesRowsAndBytesAndWritesNothing() throws IOException {
        Path nowhere = folder.resolve("nowhere");
        Sightline dry = quickstart(nowhere, "--dry-run");
        assertThat(dry.code()).as(dry.said()).isZero();
        assertThat(dry.out()).contains("1,296,384 parameters", "activations 27,282", "values 2,400", "prompts 1,200");
        Matcher bytes = Pattern.compile("\\(([0-9,]+) bytes\\)").matcher(dry.out());
        assertThat(bytes.find()).as(dry.out()).isTrue();
        assertThat(Double.parseDouble(bytes.group(1).replace(",", "")))
                .isCloseTo(manifest(run).counts().bytes(), Percentage.withPercentage(5));
        assertThat(nowhere).doesNotExist();
    }
}
