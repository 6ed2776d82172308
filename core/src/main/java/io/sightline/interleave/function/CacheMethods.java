package io.sightline.interleave.function;

import io.sightline.nn.DynamicCache;
import java.util.Map;
import java.util.Objects;

/** What a graph may ask of a model's cache of keys and values. */
final class CacheMethods {
    static final Map<String, Function> TABLE =
            Map.of("get_seq_length", a -> ((DynamicCache) Objects.requireNonNull(a.at(0))).length());

    private CacheMethods() {}
}
