package io.sightline.torchscript;

import io.sightline.torchscript.Parser.Definition;
import io.sightline.torchscript.Parser.Parameter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A function or method of the archive's code; parsed when it is first called, so that code that never runs may hold anything. */
final class ScriptFunction {
    private static final int DEEPEST = 100;
    private static final ThreadLocal<int[]> DEPTH = ThreadLocal.withInitial(() -> new int[1]);

    private final String name;
    private final String source;
    private final Program program;
    private volatile @Nullable Definition definition;

    ScriptFunction(String name, String source, Program program) {
        this.name = name;
        this.source = source;
        this.program = program;
    }

    @Nullable
    Object call(List<? extends @Nullable Object> arguments, Map<String, @Nullable Object> keywords) {
        int[] depth = DEPTH.get();
        if (depth[0] >= DEEPEST) {
            throw new UnsupportedOperationException(name + " is called more than " + DEEPEST + " calls deep");
        }
        depth[0]++;
        try {
            Definition code = definition();
            Frame frame = new Frame(program);
            bind(frame, code.parameters(), arguments, keywords);
            Statement.runAll(code.body(), frame);
            return frame.result();
        } finally {
            depth[0]--;
        }
    }

    private Definition definition() {
        Definition parsed = definition;
        if (parsed == null) {
            try {
                parsed = Parser.parse(source);
            } catch (UnsupportedOperationException | IllegalArgumentException e) {
                throw new UnsupportedOperationException(
                        name + ": " + e.getMessage() + " (docs/TORCHSCRIPT.md lists what is)", e);
            }
            definition = parsed;
        }
        return parsed;
    }

    private void bind(
            Frame frame,
            List<Parameter> parameters,
            List<? extends @Nullable Object> arguments,
            Map<String, @Nullable Object> keywords) {
        if (arguments.size() > parameters.size()) {
            throw new IllegalArgumentException(
                    name + " takes " + (parameters.size() - 1) + " arguments, got " + (arguments.size() - 1));
        }
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            Expression byDefault = parameter.defaultValue();
            if (i < arguments.size()) {
                frame.set(parameter.name(), arguments.get(i));
            } else if (keywords.containsKey(parameter.name())) {
                frame.set(parameter.name(), keywords.get(parameter.name()));
            } else if (byDefault != null) {
                frame.set(parameter.name(), byDefault.evaluate(frame));
            } else {
                throw new IllegalArgumentException(name + " needs the argument '" + parameter.name() + "'");
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
