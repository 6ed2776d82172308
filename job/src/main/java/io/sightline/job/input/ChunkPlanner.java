package io.sightline.job.input;

import java.util.ArrayList;
import java.util.List;

/** Cuts buckets of prompts into chunks of about equal size under the limits. */
final class ChunkPlanner {
    private ChunkPlanner() {}

    /**
     * What lies in one bucket.
     *
     * @param fingerprint a hash of the bucket's prompts that does not depend on their order
     */
    record Bucket(int number, long rows, long tokens, long fingerprint) {}

    /**
     * @param buckets those that are not empty, by number
     * @param maxRows prompts of a chunk at most
     * @param maxTokens about this many tokens of a chunk at most; a bucket is not cut
     */
    static ChunkPlan plan(List<Bucket> buckets, int maxRows, long maxTokens) {
        long prompts = buckets.stream().mapToLong(Bucket::rows).sum();
        long tokens = buckets.stream().mapToLong(Bucket::tokens).sum();
        long wanted = Math.max(1, Math.max(ceil(prompts, maxRows), ceil(tokens, maxTokens)));
        List<Integer> lastBuckets = new ArrayList<>();
        List<Integer> rows = new ArrayList<>();
        StringBuilder fingerprint = new StringBuilder();
        long done = 0;
        long chunkRows = 0;
        long chunkTokens = 0;
        int last = -1;
        for (Bucket bucket : buckets) {
            boolean full = chunkRows + bucket.rows() > maxRows || chunkTokens + bucket.tokens() > maxTokens;
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
        return total / part + (total % part == 0 ? 0 : 1);
    }

    private static int[] ints(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }
}
