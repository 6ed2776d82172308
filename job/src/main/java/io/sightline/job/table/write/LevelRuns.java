package io.sightline.job.table.write;

import java.io.ByteArrayOutputStream;

/**
 * Repetition or definition levels of at most 8 bits as the runs of Parquet's RLE / bit-packing hybrid: a varint of twice the count, then
 * the level in one byte (https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE).
 */
final class LevelRuns {
    private final ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    private int level;
    private int count;

    void add(int nextLevel, int times) {
        if (nextLevel != level) {
            flush();
            level = nextLevel;
        }
        count += times;
    }

    private void flush() {
        if (count > 0) {
            int header = count << 1;
            while ((header & ~0x7f) != 0) {
                encoded.write((header & 0x7f) | 0x80);
                header >>>= 7;
            }
            encoded.write(header);
            encoded.write(level);
        }
        count = 0;
    }

    /** Bytes that {@link #writeTo} writes. */
    int size() {
        flush();
        return Integer.BYTES + encoded.size();
    }

    /** Writes the length in 4 bytes, little-endian, and the runs, as a version 1 page has them; returns where they end. */
    int writeTo(byte[] buffer, int offset) {
        flush();
        byte[] runs = encoded.toByteArray();
        LittleEndian.putInt(buffer, offset, runs.length);
        System.arraycopy(runs, 0, buffer, offset + Integer.BYTES, runs.length);
        return offset + Integer.BYTES + runs.length;
    }
}
