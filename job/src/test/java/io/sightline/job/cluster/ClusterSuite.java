package io.sightline.job.cluster;

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
import java.util.stream.Collectors;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scalatestplus.junit5.JUnitSuite;

/**
 * A run on a standalone cluster of two executors, undisturbed and under {@code kill -9}: with {@code -Dsightline.chaos=full}, which is
 * {@code scripts/cluster-chaos}, on 12,000 prompts instead of 1,200.
 */
public class ClusterSuite extends JUnitSuite {
    private static final boolean FULL = "full".equals(System.getProperty("sightline.chaos"));
    private static final Duration PATIENCE = Duration.ofMinutes(8);

    private static Path folder;
    private static Path opened;
    private static RepeatedQuickstart job;
    private static StandaloneCluster cluster;
    private static RunOnDisk undisturbed;

    /** Its model has to be fetched, from a file system that notes who reads. */
    @BeforeAll
    static void runUndisturbed() throws Exception {
        folder = Files.createTempDirectory("sightline-cluster-");
        opened = folder.resolve("opened.txt");
        job = RepeatedQuickstart.write(folder, FULL ? 10 : 1, FULL ? 400 : 40);
        cluster = StandaloneCluster.start(folder);
        undisturbed = new RunOnDisk(folder.resolve("undisturbed"));
        finish(cluster.sightline(
                "undisturbed-driver",
                Map.of("spark.hadoop.fs.strict.opened", opened.toString()),
                job.arguments("strict:", undisturbed.directory().toString())));
    }

    @AfterAll
    static void stop() {
        cluster.close();
        FileUtils.deleteQuietly(folder.toFile());
    }

    private static void finish(Launch driver) throws InterruptedException {
        try (driver) {
            assertThat(driver.join(PATIENCE)).as(driver.log()).isZero();
            say(driver.log());
        }
    }

    /** The full form is run for its figures. */
    private static void say(String text) {
        System.out.println(java.time.LocalTime.now() + " " + text);
    }

    @Test
    void eachExecutorGetsAGpuOfItsOwn() throws IOException {
        Map<String, Set<String>> gpus = ofEachExecutor("gpu");
        assertThat(gpus).hasSize(2);
        assertThat(gpus.values()).containsExactlyInAnyOrder(Set.of("0"), Set.of("1"));
        // The two GPUs are made up; where there are real ones, each executor computes on its own.
        assertThat(ofEachExecutor("device").values())
                .containsExactlyInAnyOrderElementsOf(
                        Torch.gpuCount() == 0
                                ? List.of(Set.of("cpu"), Set.of("cpu"))
                                : List.of(Set.of("cuda:0"), Set.of("cuda:1")));
        assertThat(cluster.executorLogs()).contains("gpu=0 ", "gpu=1 ");
    }

    @Test
    void anExecutorOfOneCoreComputesWithOneThread() throws IOException {
        assertThat(ofEachExecutor("threads").values()).containsOnly(Set.of("1"));
    }

    private static Map<String, Set<String>> ofEachExecutor(String key) throws IOException {
        return undisturbed.commits().stream()
                .map(CommitRecord::worker)
                .collect(Collectors.groupingBy(
                        worker -> worker.get("executor"),
                        Collectors.mapping(worker -> worker.get(key), Collectors.toSet())));
    }

    @Test
    void theModelIsFetchedOnceForTheNodeAndLoadedOnceByEachExecutor() throws IOException {
        assertThat(Files.readAllLines(opened))
                .anyMatch(path -> path.endsWith("/model.safetensors"))
                .anyMatch(path -> path.endsWith("/config.json"))
                .doesNotHaveDuplicates();
        String loaded = "loaded model=strict:";
        assertThat(cluster.executorLogs().lines().filter(line -> line.contains(loaded)))
                .hasSize(2);
    }

    @Test
    void aRunWhoseProcessesAreKilledEndsLikeAnUndisturbedOne() throws Exception {
        RunOnDisk disturbed = new RunOnDisk(folder.resolve("disturbed"));
        int chunks = undisturbed.commits().size();
        String output = "strict:" + disturbed.directory();
        Chaos chaos;
        try (Launch driver =
                cluster.sightline("killed-driver", Map.of("spark.speculation", "true"), job.arguments("", output))) {
            chaos = new Chaos(cluster, driver, disturbed);
            chaos.killAnExecutorAfter(chunks / 6);
            chaos.killAnExecutorAfter(chunks / 3);
            chaos.killTheDriverAfter(chunks / 2);
        }
        assertThat(disturbed.directory().resolve("manifest.json")).doesNotExist();
        finish(cluster.sightline("resuming-driver", Map.of(), job.arguments("", output, "--resume")));

        say(chunks + " chunks; " + chaos.blows());
        assertThat(chaos.blows())
                .hasSize(3)
                .allSatisfy(blow -> assertThat(blow.inFlight()).isNotEmpty());
        assertThat(chaos.blows().stream().map(Blow::committed))
                .isSorted()
                .allSatisfy(committed -> assertThat(committed).isPositive().isLessThan(chunks));
        assertSameRows(disturbed);
        assertThat(disturbed.directory().toFile().list())
                .containsExactlyInAnyOrder("activations", "values", "prompts", "errors", "manifest.json", "_commits");
        assertThat(disturbed.commits())
                .hasSize(chunks)
                .extracting(CommitRecord::attempt)
                .doesNotContainAnyElementsOf(chaos.blows().stream()
                        .flatMap(blow -> blow.inFlight().stream())
                        .toList());
    }

    @Test
    void anIcebergRunWhoseProcessesAreKilledHasEachRowOnce() throws Exception {
        RunOnDisk disturbed = new RunOnDisk(folder.resolve("iceberg"));
        String output = disturbed.directory().toString();
        int chunks = undisturbed.commits().size();
        Chaos chaos;
        try (Launch driver = cluster.sightline(
                "iceberg-driver", Map.of(), job.arguments("", output, "--set", "output.format=iceberg"))) {
            chaos = new Chaos(cluster, driver, disturbed);
            chaos.killAnExecutorAfter(chunks / 6);
            chaos.killTheDriverAfter(chunks / 2);
        }
        String[] resume = {"--set", "output.format=iceberg", "--resume"};
        finish(cluster.sightline("iceberg-resuming-driver", Map.of(), job.arguments("", output, resume)));
        assertThat(chaos.blows())
                .hasSize(2)
                .allSatisfy(blow -> assertThat(blow.inFlight()).isNotEmpty());
        assertSameRows(disturbed);
    }

    /** By what the runs say of themselves, and by what Spark reads. */
    private static void assertSameRows(RunOnDisk disturbed) throws IOException {
        Manifest manifest = disturbed.manifest();
        assertThat(manifest.status()).isEqualTo(Manifest.Status.COMPLETE);
        assertThat(manifest.counts()).isEqualTo(undisturbed.manifest().counts());
        assertThat(manifest.counts().prompts() + manifest.counts().errors()).isEqualTo(job.count());
        assertThat(manifest.counts().errors()).isPositive();
        try (LocalSpark spark = LocalSpark.start()) {
            List<String> contents = disturbed.contents(spark.session());
            say(manifest.counts() + "\n" + String.join("\n", contents));
            assertThat(contents).isEqualTo(undisturbed.contents(spark.session()));
        }
    }
}
