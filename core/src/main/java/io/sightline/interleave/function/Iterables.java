package io.sightline.interleave.function;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's iteration. */
public final class Iterables {
    private Iterables() {}

    /** What {@code iter(value)} gives; new tensors belong to the current scope. */
    public static List<@Nullable Object> items(@Nullable Object value) {
        return Builtins.items(value);
    }
}
