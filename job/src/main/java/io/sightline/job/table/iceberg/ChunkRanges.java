package io.sightline.job.table.iceberg;

import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;

/** Chunk numbers as a snapshot's summary spells them: {@code 0-411,415}. */
final class ChunkRanges {
    private ChunkRanges() {}

    static String write(Collection<Integer> chunks) {
        StringJoiner text = new StringJoiner(",");
        int first = -1;
        int last = -1;
        for (int chunk : new TreeSet<>(chunks)) {
            if (first >= 0 && chunk != last + 1) {
                text.add(range(first, last));
                first = -1;
            }
            first = first < 0 ? chunk : first;
            last = chunk;
        }
        return first < 0 ? "" : text.add(range(first, last)).toString();
    }

    private static String range(int first, int last) {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }

    /** @throws IllegalArgumentException if {@code text} is no list of ranges */
    static Set<Integer> read(String text) {
        Set<Integer> chunks = new TreeSet<>();
        try {
            for (String range : text.isEmpty() ? new String[0] : text.split(",")) {
                int[] bounds = Arrays.stream(range.split("-"))
                        .mapToInt(Integer::parseInt)
                        .toArray();
                for (int chunk = bounds[0]; chunk <= bounds[bounds.length - 1]; chunk++) {
                    chunks.add(chunk);
                }
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no list of chunks such as 0-411,415", e);
        }
        return chunks;
    }
}
