package io.sightline.job.input;

import io.sightline.job.config.BatchLimits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

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
        List<TokenizedPrompt> byLength = new ArrayList<>(prompts);
        byLength.sort(
                Comparator.comparingInt(TokenizedPrompt::width).reversed().thenComparingInt(TokenizedPrompt::ordinal));
        int[] ends = ends(byLength, limits);
        List<List<TokenizedPrompt>> batches = new ArrayList<>();
        for (int start = 0; start < ends.length; start = ends[start]) {
            batches.add(List.copyOf(byLength.subList(start, ends[start])));
        }
        return batches;
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
