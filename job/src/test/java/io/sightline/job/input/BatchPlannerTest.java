package io.sightline.job.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.job.config.BatchLimits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchPlannerTest {
    private static TokenizedPrompt prompt(int ordinal, int length) {
        return new TokenizedPrompt(
                ordinal, "p" + ordinal, null, new long[][] {new long[length]}, null, new boolean[0], new Object[0]);
    }

    @Test
    void batchesStayUnderBothLimitsAndHoldEveryPromptOnce() {
        Random random = new Random(1);
        List<TokenizedPrompt> prompts = IntStream.range(0, 500)
                .mapToObj(i -> prompt(i, 1 + random.nextInt(40)))
                .toList();
        List<List<TokenizedPrompt>> batches = BatchPlanner.plan(prompts, new BatchLimits(200, 16));
        for (List<TokenizedPrompt> batch : batches) {
            int width = batch.stream().mapToInt(TokenizedPrompt::width).max().orElseThrow();
            assertThat(batch.size()).isLessThanOrEqualTo(16);
            assertThat(width * batch.size()).isLessThanOrEqualTo(200);
        }
        assertThat(batches.stream().flatMap(List::stream).map(TokenizedPrompt::ordinal))
                .hasSize(500)
                .doesNotHaveDuplicates();
    }

    @Test
    void theCutDoesNotDependOnTheOrderOfArrival() {
        List<TokenizedPrompt> prompts = new ArrayList<>(
                IntStream.range(0, 50).mapToObj(i -> prompt(i, 1 + i % 7)).toList());
        List<List<TokenizedPrompt>> batches = BatchPlanner.plan(prompts, new BatchLimits(30, 8));
        Collections.shuffle(prompts, new Random(2));
        assertThat(BatchPlanner.plan(prompts, new BatchLimits(30, 8))).isEqualTo(batches);
    }

    @Test
    void aPromptLongerThanTheBudgetRunsAlone() {
        List<List<TokenizedPrompt>> batches =
                BatchPlanner.plan(List.of(prompt(0, 100), prompt(1, 5)), new BatchLimits(20, 8));
        assertThat(batches).hasSize(2);
    }

    @Test
    void promptsThatMustNotBePaddedShareBatchesWithTheirLikeOnly() {
        List<TokenizedPrompt> prompts = new ArrayList<>(
                IntStream.range(0, 60).mapToObj(i -> prompt(i, 1 + i % 7)).toList());
        List<List<TokenizedPrompt>> batches = BatchPlanner.plan(prompts, new BatchLimits(200, 16), Integer.MAX_VALUE);
        assertThat(batches)
                .allSatisfy(batch -> assertThat(
                                batch.stream().map(TokenizedPrompt::width).distinct())
                        .hasSize(1));
        assertThat(batches.stream().flatMap(List::stream).map(TokenizedPrompt::ordinal))
                .hasSize(60)
                .doesNotHaveDuplicates();
    }

    @Test
    void onlyPromptsThatAreTooShortForTheGraphRunUnpadded() {
        List<TokenizedPrompt> prompts = new ArrayList<>(
                IntStream.range(0, 14).mapToObj(i -> prompt(i, 1 + i % 7)).toList());
        List<List<TokenizedPrompt>> batches = BatchPlanner.plan(prompts, new BatchLimits(200, 16), 3);
        assertThat(batches.stream()
                        .map(batch -> batch.stream()
                                .map(TokenizedPrompt::width)
                                .distinct()
                                .toList()))
                .containsExactly(List.of(7, 6, 5, 4, 3), List.of(2), List.of(1));
    }
}
