package io.sightline.python;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's dict: ordered, changeable, keys strings or numbers. */
public final class PythonDict extends LinkedHashMap<@Nullable Object, @Nullable Object> {
    private static final long serialVersionUID = 1L;

    public PythonDict() {}

    public PythonDict(Map<?, ? extends @Nullable Object> entries) {
        super(entries);
    }
}
