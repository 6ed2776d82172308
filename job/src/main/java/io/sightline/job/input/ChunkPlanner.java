package io.sightline.job.input;

import io.sightline.job.config.ChunkLimits;
import java.util.ArrayList;
import java.util.List;

/** Cuts buckets of prompts into chunks of about equal size under the limits. */
public final class ChunkPlanner {
    private ChunkPlanner() {}

    /**
     * What lies in one bucket.
     *
     * @param fingerprint a hash of the bucket's prompts that does not depend on their order
     */
    public record Bucket(int number, long rows, long tokens, long fingerprint) {}

    /** Where the job file does not say: an eighth of the prompts, but 128 at least and 512 at most. */
    static int defaultRows(long prompts) {
        return (int) Math.max(128, Math.min(512, prompts / 8));
    }

    /** @param buckets those that are not empty, by number */
    public static ChunkPlan plan(List<Bucket> buckets, ChunkLimits limits) {
        long prompts = buckets.stream().mapToLong(Bucket::rows).sum();
        long tokens = buckets.stream().mapToLong(Bucket::tokens).sum();
        int maxRows = limits.rows() == null ? defaultRows(prompts) : limits.rows();
        long wanted = Math.max(1, Math.max(ceil(prompts, maxRows), ceil(tokens, limits.tokens())));
        List<Integer> lastBuckets = new ArrayList<>();
        List<Integer> rows = new ArrayList<>();
        StringBuilder fingerprint = new StringBuilder();
        long done = 0;
        long chunkRows = 0;
        long chunkTokens = 0;
        int last = -1;
        for (Bucket bucket : buckets) {
            boolean full = chunkRows + bucket.rows() > maxRows || chunkTokens + bucket.tokens() > limits.tokens();
            boolean due = (done + chunkRows) * wanted >= prompts * (rows.size() + 1L);
            if (chunkRows > 0 && (full || due)) {
                lastBuckets.add(last);
                rows.add(Math.toIntExact(chunkRows));
                done += chunkRows;
                chunkRows = 0;
                chunkTokens = 0;
            }
            chunkRows += bucket.rows();
            chunkTokens += bucket.tokens();
            last = bucket.number();
            fingerprint
                    .append(bucket.number())
                    .append(':')
                    .append(bucket.rows())
                    .append(':')
                    .append(bucket.fingerprint())
                    .append(' ');
        }
        if (chunkRows > 0) {
            lastBuckets.add(last);
            rows.add(Math.toIntExact(chunkRows));
        }
        return new ChunkPlan(ints(lastBuckets), ints(rows), tokens, Sha256.of(fingerprint.toString()));
    }

    private static long ceil(long total, long part) {
        return (total + part - 1) / part;
    }

    private static int[] ints(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }
}
