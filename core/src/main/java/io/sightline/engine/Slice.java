package io.sightline.engine;

import org.jspecify.annotations.Nullable;

/** A Python slice. Parts are integers, 0-dimensional tensors, or {@code null} where Python's is left out. */
public record Slice(
        @Nullable Object start,
        @Nullable Object stop,
        @Nullable Object step) {
    public static final Slice ALL = new Slice(null, null, null);

    public static Slice of(@Nullable Long start, @Nullable Long stop) {
        return new Slice(start, stop, null);
    }
}
