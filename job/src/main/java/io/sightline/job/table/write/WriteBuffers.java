package io.sightline.job.table.write;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Reused blocks of heap memory for the vectors of all open chunks, under one limit. Blocks are small enough that G1 does not treat them
 * as humongous. Thread-safe.
 */
final class WriteBuffers {
    static final int BLOCK_BYTES = 256 << 10;

    private final ArrayDeque<byte[]> free = new ArrayDeque<>();
    private final long limit;
    private long lent;

    WriteBuffers(long limitBytes) {
        this.limit = limitBytes / BLOCK_BYTES;
    }

    /** A block, or null if the limit is reached. */
    synchronized byte @Nullable [] tryTake() {
        return lent < limit ? take() : null;
    }

    /** A block, limit or not: each chunk needs one to work with. */
    synchronized byte[] take() {
        lent++;
        byte[] block = free.poll();
        return block == null ? new byte[BLOCK_BYTES] : block;
    }

    synchronized void giveBack(byte[] block) {
        lent--;
        if (free.size() < limit) {
            free.push(block);
        }
    }

    synchronized long lentBytes() {
        return lent * BLOCK_BYTES;
    }
}
