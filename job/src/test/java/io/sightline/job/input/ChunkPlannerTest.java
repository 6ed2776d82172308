package io.sightline.job.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.job.input.ChunkPlanner.Bucket;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunkPlannerTest {
    private static List<Bucket> buckets(int count, long tokens) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Bucket(7 * i, 1, tokens, i))
                .toList();
    }

    @Test
    void chunksAreEvenAndUnderTheRowLimit() {
        ChunkPlan plan = ChunkPlanner.plan(buckets(1000, 1), 300, 1 << 20);
        assertThat(plan.rows()).containsExactly(250, 250, 250, 250);
        assertThat(plan.prompts()).isEqualTo(1000);
    }

    @Test
    void chunksAreUnderTheTokenLimit() {
        ChunkPlan plan = ChunkPlanner.plan(buckets(100, 30), 1000, 100);
        assertThat(Arrays.stream(plan.rows()).max()).hasValue(3);
        assertThat(plan.prompts()).isEqualTo(100);
    }

    @Test
    void everyBucketBelongsToTheChunkThatCountedIt() {
        List<Bucket> buckets = buckets(1000, 1);
        ChunkPlan plan = ChunkPlanner.plan(buckets, 128, 1 << 20);
        int[] counted = new int[plan.chunks()];
        buckets.forEach(bucket -> counted[plan.chunkOf(bucket.number())]++);
        assertThat(counted).isEqualTo(plan.rows());
    }

    @Test
    void anotherPromptMakesAnotherPlan() {
        ChunkPlan plan = ChunkPlanner.plan(buckets(10, 1), 4, 100);
        assertThat(ChunkPlanner.plan(buckets(10, 1), 4, 100).hash()).isEqualTo(plan.hash());
        assertThat(ChunkPlanner.plan(buckets(11, 1), 4, 100).hash()).isNotEqualTo(plan.hash());
        assertThat(ChunkPlanner.plan(buckets(10, 1), 5, 100).hash()).isNotEqualTo(plan.hash());
    }
}
