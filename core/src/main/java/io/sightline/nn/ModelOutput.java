package io.sightline.nn;

import io.sightline.engine.Tuple;
import java.util.LinkedHashMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * transformers' {@code ModelOutput}: an ordered dict whose entries are attributes as well ({@code .logits}), and which counts as the
 * tuple of its values where it is indexed by number. Entries that are None are left out, as transformers does.
 */
public final class ModelOutput extends LinkedHashMap<String, @Nullable Object> {
    private static final long serialVersionUID = 1L;

    private final String className;

    public ModelOutput(String className) {
        this.className = className;
    }

    /** The class as transformers names it, {@code CausalLMOutputWithPast}. */
    public String className() {
        return className;
    }

    /** Adds an entry unless it is None; gives this output back. */
    public ModelOutput with(String key, @Nullable Object value) {
        if (value != null) {
            put(key, value);
        }
        return this;
    }

    public Tuple toTuple() {
        return Tuple.of(values().toArray());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other) && other instanceof ModelOutput output && className.equals(output.className);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), className);
    }
}
