package io.sightline.torchscript;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One running function: its variables, and what it returned. */
final class Frame {
    private final Program program;
    private final Map<String, @Nullable Object> variables = new HashMap<>();
    private boolean returned;
    private @Nullable Object result;

    Frame(Program program) {
        this.program = program;
    }

    Program program() {
        return program;
    }

    @Nullable
    Object get(String name) {
        Object value = variables.get(name);
        if (value == null && !variables.containsKey(name)) {
            return builtin(name);
        }
        return value;
    }

    private static Callable builtin(String name) {
        Callable builtin = ScriptBuiltins.find(name);
        if (builtin == null) {
            throw new UnsupportedOperationException("the code uses '" + name + "', which is not run here");
        }
        return builtin;
    }

    void set(String name, @Nullable Object value) {
        variables.put(name, value);
    }

    void returns(@Nullable Object value) {
        returned = true;
        result = value;
    }

    boolean hasReturned() {
        return returned;
    }

    @Nullable
    Object result() {
        return result;
    }

    static Object some(@Nullable Object value) {
        if (value == null) {
            throw new IllegalArgumentException("the code works on None where a value is needed");
        }
        return value;
    }
}
