package io.sightline.job.input;

import io.sightline.job.config.ChunkLimits;
import java.util.List;

/**
 * How many prompts a chunk has where the job file does not say. A chunk is what is lost when a task fails, so it is to hold about
 * {@link #BYTES} of output or {@link #SECONDS} of work, whichever comes first; and a run is to have enough chunks to keep a cluster busy.
 * The result depends on the job, the model's shape and the prompts alone, so that {@code --resume} finds the same chunks.
 */
final class ChunkSize {
    static final long BYTES = 64 << 20;
    static final double SECONDS = 300;
    /** A run with this many chunks of the usual size or more keeps at least so many. */
    private static final int CHUNKS = 128;

    private static final int FEWEST = 64;
    private static final int TOKENS = 65_536;

    private ChunkSize() {}

    /** The plan under the job file's limits, and under this class's where it sets none. */
    static ChunkPlan plan(List<ChunkPlanner.Bucket> buckets, ChunkLimits limits, PromptCost cost) {
        Integer rows = limits.rows();
        Integer tokens = limits.tokens();
        if (rows != null) {
            return ChunkPlanner.plan(buckets, rows, tokens == null ? TOKENS : tokens);
        }
        long prompts = buckets.stream().mapToLong(ChunkPlanner.Bucket::rows).sum();
        long all = buckets.stream().mapToLong(ChunkPlanner.Bucket::tokens).sum();
        int chosen = rows(prompts, (int) Math.min(Integer.MAX_VALUE, all / Math.max(1, prompts)), cost);
        return ChunkPlanner.plan(buckets, chosen, tokens == null ? Long.MAX_VALUE : tokens);
    }

    /**
     * @param prompts of the whole run
     * @param tokens of one prompt, on average
     */
    static int rows(long prompts, int tokens, PromptCost cost) {
        int usual = (int) clamp(prompts / 8, 128, 512);
        int least = Math.max(1, Math.min(usual, TOKENS / Math.max(1, tokens)));
        double fitting = Math.min(
                (double) BYTES / Math.max(1, cost.bytes(tokens)), SECONDS / Math.max(1e-9, cost.seconds(tokens)));
        return fitting < least
                ? (int) Math.max(fitting, Math.min(FEWEST, least))
                : (int) Math.min(fitting, Math.max(least, prompts / CHUNKS));
    }

    private static long clamp(long value, long least, long most) {
        return Math.max(least, Math.min(most, value));
    }
}
