package io.sightline.job.table.write;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of one chunk in the order they arrived, as the little-endian bytes that Parquet wants: appended at the end, read anywhere.
 * Blocks come from {@link WriteBuffers}; full ones that it has no room for go to a {@link SpillFile}. Confined to a thread.
 */
final class RowStore implements AutoCloseable {
    private static final int BLOCK = WriteBuffers.BLOCK_BYTES;

    private final WriteBuffers buffers;
    private final String spillDirectory;
    private final List<Stored> full = new ArrayList<>();
    private byte @Nullable [] last;
    private int used;
    private @Nullable SpillFile spill;

    /** A full block: in memory, or at a position of the spill file. */
    private record Stored(byte @Nullable [] block, long spilledAt) {}

    RowStore(WriteBuffers buffers, String spillDirectory) {
        this.buffers = buffers;
        this.spillDirectory = spillDirectory;
    }

    /** Where the next append will begin. */
    long end() {
        return (long) full.size() * BLOCK + used;
    }

    /** Copies {@code count} floats; returns the address of the first. */
    long append(float[] values, int offset, int count) {
        long start = end();
        int done = 0;
        while (done < count) {
            ByteBuffer room = room();
            int part = Math.min(count - done, room.remaining() / Float.BYTES);
            room.asFloatBuffer().put(values, offset + done, part);
            used += part * Float.BYTES;
            done += part;
        }
        return start;
    }

    /** Copies {@code count} half-precision numbers; returns the address of the first. */
    long append(short[] halves, int offset, int count) {
        long start = end();
        int done = 0;
        while (done < count) {
            ByteBuffer room = room();
            int part = Math.min(count - done, room.remaining() / Short.BYTES);
            room.asShortBuffer().put(halves, offset + done, part);
            used += part * Short.BYTES;
            done += part;
        }
        used += used & 2; // floats that follow must not straddle two blocks
        return start;
    }

    private ByteBuffer room() {
        if (last == null) {
            last = buffers.take();
        } else if (used == BLOCK) {
            startBlock(last);
        }
        return ByteBuffer.wrap(last, used, BLOCK - used).slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    private void startBlock(byte[] filled) {
        byte[] fresh = buffers.tryTake();
        if (fresh == null) {
            spill = spill == null ? SpillFile.create(spillDirectory) : spill;
            full.add(new Stored(null, spill.append(filled)));
        } else {
            full.add(new Stored(filled, -1));
            last = fresh;
        }
        used = 0;
    }

    /** Copies {@code count} bytes from {@code address} on. */
    void read(long address, byte[] into, int offset, int count) {
        int done = 0;
        while (done < count) {
            int index = (int) ((address + done) / BLOCK);
            int within = (int) ((address + done) % BLOCK);
            int part = Math.min(count - done, BLOCK - within);
            readBlock(index, within, into, offset + done, part);
            done += part;
        }
    }

    private void readBlock(int index, int within, byte[] into, int offset, int count) {
        Stored stored = index < full.size() ? full.get(index) : new Stored(last, -1);
        if (stored.block != null) {
            System.arraycopy(stored.block, within, into, offset, count);
        } else if (spill != null) {
            spill.read(stored.spilledAt + within, into, offset, count);
        } else {
            throw new IllegalStateException("read beyond the end of the stored rows");
        }
    }

    boolean hasSpilled() {
        return spill != null;
    }

    @Override
    public void close() {
        for (Stored stored : full) {
            if (stored.block != null) {
                buffers.giveBack(stored.block);
            }
        }
        full.clear();
        if (last != null) {
            buffers.giveBack(last);
            last = null;
        }
        if (spill != null) {
            spill.close();
            spill = null;
        }
    }
}
