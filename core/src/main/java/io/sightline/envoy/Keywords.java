package io.sightline.envoy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keyword arguments of a recorded call, in order; given last: {@code proxy.call("argmax", Keywords.of("dim", -1))}. */
public final class Keywords {
    private final Map<String, @Nullable Object> entries;

    private Keywords(Map<String, @Nullable Object> entries) {
        this.entries = Collections.unmodifiableMap(entries);
    }

    public static Keywords none() {
        return new Keywords(new LinkedHashMap<>());
    }

    public static Keywords of(String name, @Nullable Object value) {
        return none().and(name, value);
    }

    /** These and one more. */
    public Keywords and(String name, @Nullable Object value) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(entries);
        more.put(name, value);
        return new Keywords(more);
    }

    public Map<String, @Nullable Object> entries() {
        return entries;
    }
}
