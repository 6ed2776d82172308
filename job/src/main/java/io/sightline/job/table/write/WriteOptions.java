package io.sightline.job.table.write;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.types.StructType;

/**
 * How tables are written.
 *
 * @param compression codec of every page
 * @param maxRowGroupBytes a (name, module) of a chunk that has more vector bytes than this is cut into several row groups
 * @param pageBytes vector bytes of a page before compression; a longer vector has a page of its own
 * @param bufferBytes vectors of all open chunks of a {@link RunWriter} that are held in memory; what is beyond goes to a temporary file
 * @param spillDirectory local directory of that file, empty for {@code java.io.tmpdir}
 * @param kept the {@code keep} columns of the prompts table
 * @param metadata key-value metadata of each activations and values file, beside the writer's own: graph hash, version, …
 */
public record WriteOptions(
        Compression compression,
        long maxRowGroupBytes,
        int pageBytes,
        long bufferBytes,
        String spillDirectory,
        StructType kept,
        Map<String, String> metadata)
        implements Serializable {
    /** zstd, row groups of 128 MB, pages of 1 MB, 256 MB of buffers, nothing kept. */
    public static final WriteOptions DEFAULT =
            new WriteOptions(Compression.ZSTD, 128L << 20, 1 << 20, 256L << 20, "", new StructType(), Map.of());

    public WriteOptions {
        if (maxRowGroupBytes <= 0 || pageBytes <= 0 || bufferBytes < 0) {
            throw new IllegalArgumentException(
                    "row groups and pages hold 1 byte or more and buffers 0 or more, not maxRowGroupBytes "
                            + maxRowGroupBytes + ", pageBytes " + pageBytes + ", bufferBytes " + bufferBytes);
        }
        metadata = Map.copyOf(metadata);
    }

    public WriteOptions withCompression(Compression other) {
        return new WriteOptions(other, maxRowGroupBytes, pageBytes, bufferBytes, spillDirectory, kept, metadata);
    }

    public WriteOptions withMaxRowGroupBytes(long bytes) {
        return new WriteOptions(compression, bytes, pageBytes, bufferBytes, spillDirectory, kept, metadata);
    }

    public WriteOptions withPageBytes(int bytes) {
        return new WriteOptions(compression, maxRowGroupBytes, bytes, bufferBytes, spillDirectory, kept, metadata);
    }

    public WriteOptions withBufferBytes(long bytes) {
        return new WriteOptions(compression, maxRowGroupBytes, pageBytes, bytes, spillDirectory, kept, metadata);
    }

    public WriteOptions withSpillDirectory(String directory) {
        return new WriteOptions(compression, maxRowGroupBytes, pageBytes, bufferBytes, directory, kept, metadata);
    }

    public WriteOptions withKept(StructType columns) {
        return new WriteOptions(
                compression, maxRowGroupBytes, pageBytes, bufferBytes, spillDirectory, columns, metadata);
    }

    /** These options with {@code key} in the files' metadata as {@code sightline.<key>}. */
    public WriteOptions withMetadata(String key, String value) {
        Map<String, String> more = new TreeMap<>(metadata);
        more.put("sightline." + key, value);
        return new WriteOptions(compression, maxRowGroupBytes, pageBytes, bufferBytes, spillDirectory, kept, more);
    }
}
