package io.sightline.job.input;

import io.sightline.job.config.BatchLimits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Cuts a chunk's prompts into batches of similar length under the token budget. The cut depends on the chunk alone, so that a chunk
 * done again gives the same numbers bit for bit.
 */
public final class BatchPlanner {
    private BatchPlanner() {}

    /** Batches of prompts, the longest first: if memory is short, that shows at once. */
    public static List<List<TokenizedPrompt>> plan(List<TokenizedPrompt> prompts, BatchLimits limits) {
        List<TokenizedPrompt> byLength = new ArrayList<>(prompts);
        byLength.sort(
                Comparator.comparingInt(TokenizedPrompt::width).reversed().thenComparingInt(TokenizedPrompt::ordinal));
        List<List<TokenizedPrompt>> batches = new ArrayList<>();
        int start = 0;
        while (start < byLength.size()) {
            int end = start + size(byLength.get(start), limits, byLength.size() - start);
            batches.add(List.copyOf(byLength.subList(start, end)));
            start = end;
        }
        return batches;
    }

    private static int size(TokenizedPrompt longest, BatchLimits limits, int left) {
        long padded = (long) longest.width() * longest.ids().length;
        long fitting = Math.max(1, limits.maxTokens() / padded);
        return (int) Math.min(Math.min(fitting, limits.maxSize()), left);
    }
}
