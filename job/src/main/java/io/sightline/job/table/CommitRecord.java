package io.sightline.job.table;

import io.sightline.job.table.files.StoredJson;
import java.io.Serializable;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code _commits/chunk-00012.json} says: a chunk is part of the run if, and only if, this record stands.
 *
 * @param chunk the chunk's number
 * @param attempt the task attempt that wrote it
 * @param files one entry for each table in which the chunk has rows; chunk 0 has one for every table
 * @param vectorChecksum 16 hex digits over every vector with its prompt, name, module, step and position: a sum of row hashes, so
 *     independent of row order; two runs hold the same vectors, bit for bit, if {@link #addChecksums} of their chunks are equal
 * @param valueChecksum the same over the values table
 * @param counters what the executor counted besides (tokens, nanoseconds of forward pass, …)
 * @param worker who wrote it and on what: {@code executor}, {@code host}, {@code device}, {@code dtype}, {@code threads}, and {@code gpu},
 *     the address that Spark assigned, where it did
 * @param run id of the run that it is a part of, as in the run's manifest; null in runs of versions that had none
 */
public record CommitRecord(
        int chunk,
        String attempt,
        List<FileEntry> files,
        String vectorChecksum,
        String valueChecksum,
        Map<String, Long> counters,
        Map<String, String> worker,
        @Nullable String run)
        implements Serializable {
    public CommitRecord {
        files = List.copyOf(files);
        worker = Map.copyOf(worker);
        counters = Map.copyOf(counters);
    }

    /**
     * One file of the chunk.
     *
     * @param table the table's name
     * @param path relative to the run directory
     * @param rows rows in the file
     * @param bytes the file's length
     * @param crc32c 8 hex digits: CRC-32C of the whole file
     */
    public record FileEntry(String table, String path, long rows, long bytes, String crc32c) implements Serializable {}

    /** The chunk's entry for {@code table}; empty where the chunk has no rows in it, and so no file. */
    public Optional<FileEntry> file(RunTable table) {
        return files.stream()
                .filter(entry -> entry.table().equals(table.directoryName()))
                .findFirst();
    }

    public long rows(RunTable table) {
        return file(table).map(FileEntry::rows).orElse(0L);
    }

    public long bytes(RunTable table) {
        return file(table).map(FileEntry::bytes).orElse(0L);
    }

    /** Bytes of all the chunk's files. */
    public long bytes() {
        return files.stream().mapToLong(FileEntry::bytes).sum();
    }

    /** The checksum of several chunks' vectors (or values) together, from each one's. */
    public static String addChecksums(Iterable<String> checksums) {
        long sum = 0;
        for (String checksum : checksums) {
            sum += Long.parseUnsignedLong(checksum, 16);
        }
        return HexFormat.of().toHexDigits(sum);
    }

    public String toJson() {
        return StoredJson.write(this);
    }

    /** @throws IllegalArgumentException if {@code json} is not a commit record */
    public static CommitRecord fromJson(String json) {
        return StoredJson.read(json, CommitRecord.class, "commit record");
    }
}
