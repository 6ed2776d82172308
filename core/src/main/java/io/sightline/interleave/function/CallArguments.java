package io.sightline.interleave.function;

import io.sightline.engine.Tensor;
import io.sightline.python.Python;
import io.sightline.python.PythonNumbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arguments of one call, and the run it happens in. */
public record CallArguments(
        List<@Nullable Object> positional, Map<String, @Nullable Object> keywords, RunContext host) {
    static CallArguments of(RunContext host, @Nullable Object... positional) {
        return new CallArguments(Arrays.asList(positional), Map.of(), host);
    }

    int size() {
        return positional.size() + keywords.size();
    }

    /** @throws IllegalArgumentException if there are fewer */
    @Nullable
    Object at(int index) {
        if (index >= positional.size()) {
            throw new IllegalArgumentException(
                    "missing argument " + (index + 1) + ": got " + positional.size() + " positional arguments");
        }
        return positional.get(index);
    }

    @Nullable
    Object at(int index, @Nullable Object otherwise) {
        return index < positional.size() ? positional.get(index) : otherwise;
    }

    Tensor tensor(int index) {
        if (at(index) instanceof Tensor tensor) {
            return tensor;
        }
        throw new IllegalArgumentException(
                "argument " + (index + 1) + " has to be a Tensor, not " + Python.typeName(at(index)));
    }

    long integer(int index) {
        Object value = at(index);
        return PythonNumbers.asLong(value instanceof Tensor tensor ? tensor.item() : value);
    }

    String text(int index) {
        if (at(index) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException(
                "argument " + (index + 1) + " has to be a str, not " + Python.typeName(at(index)));
    }

    /** These arguments without the first. */
    CallArguments rest() {
        return new CallArguments(positional.subList(1, positional.size()), keywords, host);
    }

    /** These arguments with {@code first} before them. */
    CallArguments after(@Nullable Object first) {
        List<@Nullable Object> all = new ArrayList<>();
        all.add(first);
        all.addAll(positional);
        return new CallArguments(all, keywords, host);
    }

    CallArguments withPositional(List<? extends @Nullable Object> others) {
        return new CallArguments(new ArrayList<>(others), keywords, host);
    }

    /** These arguments without the keyword, which may be missing. */
    CallArguments without(String keyword) {
        if (!keywords.containsKey(keyword)) {
            return this;
        }
        Map<String, @Nullable Object> fewer = new LinkedHashMap<>(keywords);
        fewer.remove(keyword);
        return new CallArguments(positional, fewer, host);
    }

    CallArguments with(String keyword, @Nullable Object value) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(keywords);
        more.put(keyword, value);
        return new CallArguments(positional, more, host);
    }

    void checkNoKeywords() {
        if (!keywords.isEmpty()) {
            throw new IllegalArgumentException("no keyword arguments are taken here, got " + keywords.keySet());
        }
    }
}
