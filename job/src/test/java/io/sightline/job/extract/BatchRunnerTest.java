package io.sightline.job.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.job.config.BatchLimits;
import io.sightline.job.input.BatchPlanner;
import io.sightline.job.input.TokenizedPrompt;
import io.sightline.job.table.CommitRecord;
import io.sightline.job.table.RunDirectory;
import io.sightline.job.table.RunTable;
import io.sightline.job.table.write.ChunkIdentity;
import io.sightline.job.table.write.ChunkWriter;
import io.sightline.job.table.write.RunWriter;
import io.sightline.job.table.write.WriteOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskKilledException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchRunnerTest {
    private static final Function<List<TokenizedPrompt>, List<List<TokenizedPrompt>>> PLANNER =
            prompts -> BatchPlanner.plan(prompts, new BatchLimits(8192, 64));

    @TempDir
    Path directory;

    private final List<Integer> sizes = new ArrayList<>();

    private static List<TokenizedPrompt> prompts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new TokenizedPrompt(
                        i, "p" + i, "text", new long[][] {{1, 2}}, null, new boolean[0], new Object[0]))
                .toList();
    }

    private CommitRecord run(List<TokenizedPrompt> batch, BatchRunner.Forward forward) throws InterruptedException {
        RunDirectory run = RunDirectory.of(directory.resolve("run").toString());
        RunWriter writer = RunWriter.of(run, WriteOptions.DEFAULT, new Configuration());
        try (ChunkWriter chunk = writer.open(new ChunkIdentity(0, "a"));
                ChunkSink sink = new ChunkSink(chunk)) {
            BatchRunner runner = new BatchRunner(forward, sink, PLANNER, () -> false);
            runner.run(batch, done -> assertThat(done).isEqualTo(batch.size()));
            sink.drain();
            CommitRecord record = chunk.commit();
            assertThat(record.rows(RunTable.PROMPTS) + runner.counts().errors()).isEqualTo(batch.size());
            return record;
        }
    }

    @Test
    void aBatchThatIsTooLargeForMemoryIsDoneInParts() throws InterruptedException {
        CommitRecord record = run(prompts(10), (batch, output) -> {
            sizes.add(batch.size());
            if (batch.size() > 3) {
                throw new OutOfMemoryError("not enough memory for " + batch.size());
            }
        });
        assertThat(sizes).containsExactly(10, 5, 3, 2, 5, 3, 2);
        assertThat(record.rows(RunTable.PROMPTS)).isEqualTo(10);
        assertThat(record.rows(RunTable.ERRORS)).isZero();
    }

    @Test
    void aPromptThatFailsAloneIsAnErrorAndTheOthersAreKept() throws InterruptedException {
        CommitRecord record = run(prompts(7), (batch, output) -> {
            sizes.add(batch.size());
            if (batch.stream().anyMatch(prompt -> prompt.id().equals("p4"))) {
                throw new IllegalStateException("the graph does not like p4");
            }
        });
        assertThat(record.rows(RunTable.PROMPTS)).isEqualTo(6);
        assertThat(record.rows(RunTable.ERRORS)).isEqualTo(1);
        assertThat(sizes).startsWith(7, 4, 3).endsWith(1);
    }

    @Test
    void vectorsOfABatchThatIsTooLargeForMemoryAreTheSame() {
        PromptVectors[] results = new PromptVectors[5];
        BatchRunner runner = new BatchRunner(
                (batch, output) -> {
                    if (batch.size() > 2) {
                        throw new OutOfMemoryError("not enough memory for " + batch.size());
                    }
                    if (batch.stream().anyMatch(prompt -> prompt.id().equals("p4"))) {
                        throw new IllegalStateException("the graph does not like p4");
                    }
                },
                new VectorSink(List.of(), results),
                PLANNER,
                () -> false);
        runner.run(prompts(5), done -> {});
        assertThat(runner.counts().splits()).isEqualTo(3);
        assertThat(results[0].problem()).isNull();
        assertThat(results[3].problem()).isNull();
        assertThat(results[4].problem()).isEqualTo("IllegalStateException: the graph does not like p4");
    }

    @Test
    void aPromptThatIsTooLargeForMemoryIsNamedSoInBothSinks() throws InterruptedException {
        BatchRunner.Forward tooLarge = (batch, output) -> {
            throw new OutOfMemoryError("not enough memory");
        };
        PromptVectors[] results = new PromptVectors[1];
        new BatchRunner(tooLarge, new VectorSink(List.of(), results), PLANNER, () -> false).run(prompts(1), done -> {});
        assertThat(results[0].problem()).isEqualTo("OutOfMemory: not enough memory");
        assertThat(run(prompts(1), tooLarge).rows(RunTable.ERRORS)).isEqualTo(1);
    }

    @Test
    void aCancelledTaskEndsBetweenTwoBatches() {
        BatchRunner runner = new BatchRunner(
                (batch, output) -> sizes.add(batch.size()),
                new VectorSink(List.of(), new PromptVectors[4]),
                prompts -> BatchPlanner.plan(prompts, new BatchLimits(8192, 2)),
                () -> !sizes.isEmpty());
        assertThatThrownBy(() -> runner.run(prompts(4), done -> {}))
                .isInstanceOfSatisfying(
                        TaskKilledException.class,
                        killed -> assertThat(killed.reason()).isEqualTo("killed between two batches"));
        assertThat(sizes).containsExactly(2);
    }

    @Test
    void wantOfMemoryIsSeenBehindOtherExceptions() {
        assertThat(BatchRunner.isOutOfMemory(new IllegalStateException("x", new OutOfMemoryError())))
                .isTrue();
        assertThat(BatchRunner.isOutOfMemory(new IllegalStateException("out of memory")))
                .isFalse();
    }
}
