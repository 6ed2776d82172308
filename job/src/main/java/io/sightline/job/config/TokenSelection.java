package io.sightline.job.config;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which of a prompt's real tokens a capture keeps.
 *
 * @param indices for {@link Kind#INDICES}: positions from 0, negative ones from the end; a prompt too short for one has no row for it
 */
public record TokenSelection(Kind kind, List<Integer> indices) implements Serializable {
    public enum Kind {
        ALL,
        LAST,
        FIRST,
        /** One row a prompt, without a position: the mean over its tokens. */
        MEAN,
        INDICES
    }

    public TokenSelection {
        indices = List.copyOf(indices);
        if ((kind == Kind.INDICES) == indices.isEmpty()) {
            throw new IllegalArgumentException(
                    "a selection by indices has at least one, the others have none: " + kind + " " + indices);
        }
    }

    public static TokenSelection of(Kind kind) {
        return new TokenSelection(kind, List.of());
    }

    /** Rows a prompt of {@code length} tokens gives. */
    public int rows(int length) {
        return switch (kind) {
            case ALL -> length;
            case LAST, FIRST, MEAN -> 1;
            case INDICES -> positions(length).length;
        };
    }

    /** The positions, ascending and each once, that a prompt of {@code length} tokens gives rows for. */
    public int[] positions(int length) {
        return switch (kind) {
            case ALL -> IntStream.range(0, length).toArray();
            case LAST -> new int[] {length - 1};
            case FIRST, MEAN -> new int[] {0};
            case INDICES ->
                indices.stream()
                        .mapToInt(index -> index < 0 ? length + index : index)
                        .filter(index -> index >= 0 && index < length)
                        .distinct()
                        .sorted()
                        .toArray();
        };
    }
}
