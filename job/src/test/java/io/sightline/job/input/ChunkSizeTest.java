package io.sightline.job.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.job.config.ChunkLimits;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunkSizeTest {
    private static PromptCost cost(long bytes, double seconds) {
        return new PromptCost() {
            @Override
            public long bytes(int tokens) {
                return bytes;
            }

            @Override
            public double seconds(int tokens) {
                return seconds;
            }
        };
    }

    @Test
    void aSmallRunHasAnEighthOfItsPromptsInAChunk() {
        assertThat(ChunkSize.rows(1200, 20, cost(3000, 0.001))).isEqualTo(150);
        assertThat(ChunkSize.rows(100, 20, cost(3000, 0.001))).isEqualTo(128);
        assertThat(ChunkSize.rows(50_000, 20, cost(3000, 0.001))).isEqualTo(512);
    }

    @Test
    void aMillionPromptsThatGiveLittleShareLargeChunks() {
        assertThat(ChunkSize.rows(1_000_000, 20, cost(48, 0.001))).isEqualTo(7812);
        assertThat(ChunkSize.rows(100_000_000, 20, cost(3072, 0.001))).isEqualTo((64 << 20) / 3072);
    }

    @Test
    void fiveMinutesOfWorkAreEnough() {
        assertThat(ChunkSize.rows(100_000_000, 20, cost(48, 0.25))).isEqualTo(1200);
    }

    @Test
    void muchOutputMakesSmallChunksButNotSmallerThanABatch() {
        assertThat(ChunkSize.rows(1_000_000, 50, cost(512 << 10, 0.01))).isEqualTo(128);
        assertThat(ChunkSize.rows(1_000_000, 50, cost(16 << 20, 0.01))).isEqualTo(64);
    }

    @Test
    void longPromptsMakeSmallChunks() {
        assertThat(ChunkSize.rows(1_000_000, 4096, cost(3072, 50))).isEqualTo(16);
    }

    @Test
    void whatTheJobFileSaysCounts() {
        List<ChunkPlanner.Bucket> buckets = IntStream.range(0, 1000)
                .mapToObj(i -> new ChunkPlanner.Bucket(i, 1, 20, i))
                .toList();
        PromptCost little = cost(48, 0.001);
        assertThat(ChunkSize.plan(buckets, new ChunkLimits(null, null), little).chunks())
                .isEqualTo(8);
        assertThat(ChunkSize.plan(buckets, new ChunkLimits(500, null), little).chunks())
                .isEqualTo(2);
        assertThat(ChunkSize.plan(buckets, new ChunkLimits(null, 200), little).chunks())
                .isEqualTo(100);
    }
}
