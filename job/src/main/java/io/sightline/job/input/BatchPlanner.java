package io.sightline.job.input;

import io.sightline.job.config.BatchLimits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Cuts a chunk's prompts into batches of similar length under the token budget, so that pads and batches together cost least. The cut
 * depends on the chunk alone, so that a chunk done again gives the same numbers bit for bit.
 */
public final class BatchPlanner {
    /** What a batch costs besides its tokens, pads included, in tokens: a small model on a CPU measures about this. */
    private static final long TOKENS_PER_BATCH = 64;

    private BatchPlanner() {}

    /** Batches of prompts, the longest first: if memory is short, that shows at once. */
    public static List<List<TokenizedPrompt>> plan(List<TokenizedPrompt> prompts, BatchLimits limits) {
        return plan(prompts, limits, 0);
    }

    /**
     * As {@link #plan(List, BatchLimits)}, where some prompts must not be padded.
     *
     * @param unpaddedBelow prompts with a text of fewer tokens share batches with prompts of the same lengths only
     */
    public static List<List<TokenizedPrompt>> plan(
            List<TokenizedPrompt> prompts, BatchLimits limits, int unpaddedBelow) {
        Map<List<Integer>, List<TokenizedPrompt>> groups = new LinkedHashMap<>();
        prompts.stream()
                .sorted(Comparator.comparingInt(TokenizedPrompt::width)
                        .reversed()
                        .thenComparingInt(TokenizedPrompt::ordinal))
                .forEach(prompt -> groups.computeIfAbsent(lengths(prompt, unpaddedBelow), key -> new ArrayList<>())
                        .add(prompt));
        List<List<TokenizedPrompt>> batches = new ArrayList<>();
        groups.values().forEach(group -> cut(group, limits, batches));
        return batches;
    }

    /** The lengths of a prompt's texts where all in its batch must have these; empty where they may differ. */
    private static List<Integer> lengths(TokenizedPrompt prompt, int unpaddedBelow) {
        List<Integer> lengths =
                Arrays.stream(prompt.ids()).map(row -> row.length).toList();
        return lengths.stream().anyMatch(length -> length < unpaddedBelow) ? lengths : List.of();
    }

    private static void cut(List<TokenizedPrompt> byLength, BatchLimits limits, List<List<TokenizedPrompt>> batches) {
        int[] ends = ends(byLength, limits);
        for (int start = 0; start < ends.length; start = ends[start]) {
            batches.add(List.copyOf(byLength.subList(start, ends[start])));
        }
    }

    /** For each prompt, where the batch that begins with it ends: the cheapest way to cut up what is left from there on. */
    private static int[] ends(List<TokenizedPrompt> byLength, BatchLimits limits) {
        int[] ends = new int[byLength.size()];
        long[] costs = new long[ends.length + 1];
        for (int start = ends.length - 1; start >= 0; start--) {
            long padded = padded(byLength.get(start));
            int most = start + size(padded, limits, ends.length - start);
            costs[start] = Long.MAX_VALUE;
            for (int end = most; end > start; end--) {
                long cost = TOKENS_PER_BATCH + padded * (end - start) + costs[end];
                if (cost < costs[start]) {
                    costs[start] = cost;
                    ends[start] = end;
                }
            }
        }
        return ends;
    }

    private static long padded(TokenizedPrompt longest) {
        return (long) longest.width() * longest.ids().length;
    }

    private static int size(long padded, BatchLimits limits, int left) {
        long fitting = Math.max(1, limits.maxTokens() / padded);
        return (int) Math.min(Math.min(fitting, limits.maxSize()), left);
    }
}
