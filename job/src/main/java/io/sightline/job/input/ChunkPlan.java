package io.sightline.job.input;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Which prompts form which chunk.
 *
 * <p>A prompt's id is hashed into one of {@link #BUCKETS} buckets, and a chunk is a run of buckets. So the plan depends on the ids and
 * the limits alone, not on the order in which files are read or on the number of executors, and a chunk is a random sample of the
 * prompts.
 *
 * @param lastBuckets the last bucket of each chunk, ascending
 * @param rows prompts of each chunk
 * @param tokens estimated tokens of all prompts
 * @param promptsHash hash over ids, inputs and kept columns of all prompts
 */
public record ChunkPlan(int[] lastBuckets, int[] rows, long tokens, String promptsHash) implements Serializable {
    /** 2^20: a few hundred prompts a bucket at a hundred million. */
    public static final int BUCKETS = 1 << 20;

    public int chunks() {
        return rows.length;
    }

    public long prompts() {
        return Arrays.stream(rows).asLongStream().sum();
    }

    /** The number of the chunk that {@code bucket}'s prompts belong to. */
    public int chunkOf(int bucket) {
        int found = Arrays.binarySearch(lastBuckets, bucket);
        return found < 0 ? -found - 1 : found;
    }

    /** A hash of the cut itself and of the prompts. */
    public String hash() {
        return Sha256.of(Arrays.toString(lastBuckets) + Arrays.toString(rows) + promptsHash);
    }
}
