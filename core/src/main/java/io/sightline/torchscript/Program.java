package io.sightline.torchscript;

import io.sightline.engine.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** All code of an archive: its classes and functions by full name, and the constants they use. */
final class Program {
    private static final Pattern CLASS = Pattern.compile("class (\\w+)(?:\\((\\w*)\\))?:");
    private static final Pattern FUNCTION = Pattern.compile("( {0,2})def (\\w+)\\(.*");

    private final Map<String, ScriptClass> classes = new HashMap<>();
    private final Map<String, ScriptFunction> functions = new HashMap<>();
    private final Map<String, Callable> globals = new ConcurrentHashMap<>();
    private List<? extends @Nullable Object> constants = List.of();

    void constants(List<? extends @Nullable Object> values) {
        constants = values;
    }

    /** @throws IllegalArgumentException if the archive has no such class */
    ScriptClass type(String fullName) {
        ScriptClass type = classes.get(fullName);
        if (type == null) {
            throw new IllegalArgumentException(
                    "the archive's data has a " + fullName + ", which its code does not define");
        }
        return type;
    }

    // ---- reading

    /**
     * Adds one source file.
     *
     * @param path below {@code code/}, such as {@code __torch__/torch/nn/functional.py}
     */
    void add(String path, String source) {
        String module = path.substring(0, path.length() - ".py".length()).replace('/', '.');
        List<String> lines = source.lines().toList();
        ScriptClass type = null;
        for (int i = 0; i < lines.size(); i++) {
            Matcher header = CLASS.matcher(lines.get(i));
            Matcher function = FUNCTION.matcher(lines.get(i));
            if (header.matches()) {
                String base = header.group(2);
                type = new ScriptClass(module + "." + header.group(1), base == null ? "" : base);
                classes.put(module + "." + header.group(1), type);
            } else if (function.matches()) {
                boolean isMethod = !function.group(1).isEmpty() && type != null;
                String name = (isMethod ? type + "." : module + ".") + function.group(2);
                ScriptFunction added = new ScriptFunction(name, text(lines, i), this);
                if (isMethod && type != null) {
                    type.methods().put(function.group(2), added);
                } else {
                    functions.put(name, added);
                }
            }
        }
    }

    /** The function that starts on a line: up to the next line that is not indented further, its own header's lines aside. */
    private static String text(List<String> lines, int start) {
        int indent = indent(lines.get(start));
        List<String> text = new ArrayList<>(List.of(lines.get(start)));
        for (int i = start + 1; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!line.isBlank() && indent(line) <= indent) {
                break;
            }
            text.add(line);
        }
        return String.join("\n", text) + "\n";
    }

    private static int indent(String line) {
        return line.length() - line.stripLeading().length();
    }

    // ---- names

    /** What a dotted name stands for: a function, or a constant. */
    @Nullable
    Object global(String path) {
        if (path.startsWith("CONSTANTS.c")) {
            return constant(path.substring("CONSTANTS.c".length()));
        }
        return globals.computeIfAbsent(path, this::callable);
    }

    private @Nullable Object constant(String number) {
        try {
            return constants.get(Integer.parseInt(number));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException(
                    "the code uses constant " + number + " of " + constants.size() + " in the archive", e);
        }
    }

    private Callable callable(String path) {
        ScriptFunction function = functions.get(path);
        ScriptClass type = classes.get(path);
        if (function != null) {
            return function::call;
        } else if (type != null && type.isNamedTuple()) {
            return (arguments, keywords) -> Tuple.copyOf(arguments);
        } else if (path.startsWith("ops.prim.")) {
            return ScriptBuiltins.prim(path.substring("ops.prim.".length()));
        } else if (path.startsWith("ops.aten.") || path.startsWith("torch.")) {
            String name = path.substring(path.startsWith("torch.") ? "torch.".length() : "ops.aten.".length());
            return (arguments, keywords) -> TorchOperations.call(name, arguments, keywords);
        }
        throw new UnsupportedOperationException("the code uses " + path + ", which is not run here");
    }
}
