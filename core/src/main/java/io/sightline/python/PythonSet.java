package io.sightline.python;

import java.util.Collection;
import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/** Python's set, in the order of insertion. */
public final class PythonSet extends LinkedHashSet<@Nullable Object> {
    private static final long serialVersionUID = 1L;

    public PythonSet() {}

    public PythonSet(Collection<? extends @Nullable Object> items) {
        super(items);
    }
}
