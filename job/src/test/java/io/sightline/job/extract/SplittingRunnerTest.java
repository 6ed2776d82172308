package io.sightline.job.extract;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplittingRunnerTest {
    @TempDir
    Path directory;

    private final List<Integer> sizes = new ArrayList<>();

    private static List<TokenizedPrompt> prompts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new TokenizedPrompt(
                        i, "p" + i, "text", new long[][] {{1, 2}}, null, new boolean[0], new Object[0]))
                .toList();
    }

    private CommitRecord run(List<TokenizedPrompt> batch, SplittingRunner.Forward forward) throws InterruptedException {
        RunDirectory run = RunDirectory.of(directory.resolve("run").toString());
        RunWriter writer = RunWriter.of(run, WriteOptions.DEFAULT, new Configuration());
        try (ChunkWriter chunk = writer.open(new ChunkIdentity(0, "a"));
                ChunkSink sink = new ChunkSink(chunk)) {
            SplittingRunner splitting = new SplittingRunner(forward, sink);
            splitting.run(batch);
            sink.drain();
            assertThat(splitting.prompts() + splitting.errors()).isEqualTo(batch.size());
            return chunk.commit();
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
    void wantOfMemoryIsSeenBehindOtherExceptions() {
        assertThat(SplittingRunner.isOutOfMemory(new IllegalStateException("x", new OutOfMemoryError())))
                .isTrue();
        assertThat(SplittingRunner.isOutOfMemory(new IllegalStateException("out of memory")))
                .isFalse();
    }
}
