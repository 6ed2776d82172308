package io.sightline.job.cluster;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.engine.Torch;
import io.sightline.job.cluster.Chaos.Blow;
import io.sightline.job.sql.LocalSpark;
import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scalatestplus.junit5.JUnitSuite;

/**
 * A run on a standalone cluster of two executors, of which two are killed and then the driver, resumed to its end; beside it an undisturbed
 * one. With {@code -Dsightline.chaos=full}, which is {@code scripts/cluster-chaos}, on 12,000 prompts instead of 1,200.
 */
public class ClusterSuite extends JUnitSuite {
    private static final boolean FULL = "full".equals(System.getProperty("sightline.chaos"));
    private static final Duration PATIENCE = Duration.ofMinutes(8);

    private static Path folder;
    private static Path opened;
    private static StandaloneCluster cluster;
    private static RepeatedQuickstart job;
    private static RunOnDisk undisturbed;
    private static RunOnDisk disturbed;
    private static List<Blow> blows;

    @BeforeAll
    static void runUndisturbedAndDisturbed() throws Exception {
        folder = Files.createTempDirectory("sightline-cluster-");
        opened = folder.resolve("opened.txt");
        job = RepeatedQuickstart.write(folder, FULL ? 10 : 1, FULL ? 400 : 40);
        undisturbed = new RunOnDisk(folder.resolve("undisturbed"));
        disturbed = new RunOnDisk(folder.resolve("disturbed"));
        cluster = new StandaloneCluster(folder);
        runUndisturbed();
        runDisturbed();
    }

    /** The small form saves a minute by not using the cluster for this, which starts meanwhile; a task has one thread either way. */
    private static void runUndisturbed() throws InterruptedException {
        List<String> arguments = job.arguments("file:", undisturbed.directory().toString());
        if (FULL) {
            cluster.start();
            finish(cluster.sightline("undisturbed-driver", Map.of(), arguments));
        } else {
            Launch local = cluster.sightline("undisturbed-driver", Map.of("spark.master", "local[*]"), arguments);
            cluster.start();
            finish(local);
        }
    }

    /** The model has to be fetched, from a file system that notes who reads, and the run lies on one whose renames never replace. */
    private static void runDisturbed() throws InterruptedException {
        String output = "strict:" + disturbed.directory();
        Map<String, String> noted = Map.of("spark.hadoop.fs.strict.opened", opened.toString());
        Map<String, String> speculative = new TreeMap<>(noted);
        speculative.put("spark.speculation", "true");
        int chunks = undisturbed.committed();
        try (Launch driver = cluster.sightline("killed-driver", speculative, job.arguments("strict:", output))) {
            Chaos chaos = new Chaos(cluster, driver, disturbed);
            chaos.killAnExecutorAfter(chunks / 6);
            chaos.killAnExecutorAfter(chunks / 3);
            chaos.killTheDriverAfter(chunks / 2);
            blows = chaos.blows();
        }
        assertThat(disturbed.directory().resolve("manifest.json")).doesNotExist();
        finish(cluster.sightline("resuming-driver", noted, job.arguments("strict:", output, "--resume")));
    }

    private static void finish(Launch driver) throws InterruptedException {
        try (driver) {
            assertThat(driver.join(PATIENCE)).as(driver.log()).isZero();
            say(driver.log()
                    .lines()
                    .dropWhile(line -> !line.contains(": done in"))
                    .takeWhile(line -> !line.isBlank())
                    .toList());
        }
    }

    /** The full form is run for its figures. */
    private static void say(Object figures) {
        if (FULL) {
            System.out.println(figures);
        }
    }

    @AfterAll
    static void stop() {
        cluster.close();
        FileUtils.deleteQuietly(folder.toFile());
    }

    @Test
    void twoExecutorsAndTheDriverDiedAtWork() throws IOException {
        int chunks = undisturbed.committed();
        say(chunks + " chunks; " + blows);
        assertThat(blows).hasSize(3).allSatisfy(blow -> {
            assertThat(blow.inFlight()).isNotEmpty();
            assertThat(blow.committed()).isPositive().isLessThan(chunks);
        });
        assertThat(blows).extracting(Blow::committed).isSorted();
        assertThat(disturbed.commits())
                .extracting(CommitRecord::attempt)
                .doesNotContainAnyElementsOf(
                        blows.stream().flatMap(blow -> blow.inFlight().stream()).toList());
    }

    @Test
    void theResumedRunSaysTheSameOfItselfAsAnUndisturbedOne() throws IOException {
        Manifest manifest = disturbed.manifest();
        assertThat(manifest.status()).isEqualTo(Manifest.Status.COMPLETE);
        assertThat(manifest.counts()).isEqualTo(undisturbed.manifest().counts());
        assertThat(manifest.counts().prompts() + manifest.counts().errors()).isEqualTo(job.count());
        assertThat(manifest.counts().errors()).isPositive();
        assertThat(disturbed.directory().toFile().list())
                .containsExactlyInAnyOrder(
                        "activations", "values", "prompts", "errors", "vocabulary", "manifest.json", "_commits");
    }

    @Test
    void anIcebergRunWhoseProcessesAreKilledHasTheSameRows() throws Exception {
        RunOnDisk iceberg = new RunOnDisk(folder.resolve("iceberg"));
        String output = iceberg.directory().toString();
        int chunks = undisturbed.commits().size();
        Chaos chaos;
        try (Launch driver = cluster.sightline(
                "iceberg-driver", Map.of(), job.arguments("", output, "--set", "output.format=iceberg"))) {
            chaos = new Chaos(cluster, driver, iceberg);
            chaos.killAnExecutorAfter(chunks / 6);
            chaos.killTheDriverAfter(chunks / 2);
        }
        String[] resume = {"--set", "output.format=iceberg", "--resume"};
        finish(cluster.sightline("iceberg-resuming-driver", Map.of(), job.arguments("", output, resume)));
        assertThat(chaos.blows())
                .hasSize(2)
                .allSatisfy(blow -> assertThat(blow.inFlight()).isNotEmpty());
        assertThat(iceberg.manifest().counts()).isEqualTo(undisturbed.manifest().counts());
        try (LocalSpark spark = LocalSpark.start()) {
            assertThat(iceberg.contents(spark.session())).isEqualTo(undisturbed.contents(spark.session()));
        }
    }

    @Test
    void sparkReadsTheSameRowsFromBoth() {
        try (LocalSpark spark = LocalSpark.start()) {
            List<String> contents = disturbed.contents(spark.session());
            say(String.join("\n", contents));
            assertThat(contents).isEqualTo(undisturbed.contents(spark.session()));
        }
    }

    @Test
    void eachExecutorHasAGpuOfItsOwn() throws IOException {
        Map<String, Map<String, Set<String>>> sessions = disturbed.commits().stream()
                .collect(groupingBy(
                        commit -> commit.attempt().substring(0, "app-20260101000000-0000".length()),
                        groupingBy(
                                commit -> commit.worker().get("executor"),
                                mapping(commit -> commit.worker().get("gpu"), toSet()))));
        assertThat(sessions)
                .hasSize(2)
                .allSatisfy((application, gpus) -> assertThat(gpus.values())
                        .contains(Set.of("0"), Set.of("1"))
                        .allMatch(addresses -> addresses.size() == 1));
        // The GPUs are made up; where there are real ones the executors use those that they were given.
        assertThat(disturbed.commits())
                .allSatisfy(commit -> assertThat(commit.worker())
                        .containsEntry(
                                "device",
                                Torch.gpuCount() == 0
                                        ? "cpu"
                                        : "cuda:" + commit.worker().get("gpu")));
    }

    @Test
    void anExecutorOfOneCoreComputesWithOneThread() throws IOException {
        assertThat(disturbed.commits())
                .allSatisfy(commit -> assertThat(commit.worker()).containsEntry("threads", "1"));
    }

    @Test
    void theModelIsFetchedOnceForTheNode() throws IOException {
        assertThat(Files.readAllLines(opened))
                .filteredOn(path -> path.contains("/quickstart/model/"))
                .anyMatch(path -> path.endsWith("/model.safetensors"))
                .anyMatch(path -> path.endsWith("/config.json"))
                .doesNotHaveDuplicates();
    }

    @Test
    void anExecutorLoadsTheModelOnceForAllItsChunks() throws IOException {
        List<Long> loads = cluster.executorLogs().stream()
                .filter(log -> log.contains(" ChunkWork: chunk="))
                .map(log -> log.lines()
                        .filter(line -> line.contains(" loaded model="))
                        .count())
                .toList();
        assertThat(loads).hasSizeGreaterThanOrEqualTo(3).containsOnly(1L);
    }
}
