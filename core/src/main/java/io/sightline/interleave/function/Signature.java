package io.sightline.interleave.function;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parameters as Python declares them, {@code input, dim=-1, keepdim=False}, to bind a call's arguments to. */
final class Signature {
    private record Parameter(
            String name, boolean hasDefault, @Nullable Object value) {}

    private final List<Parameter> parameters = new ArrayList<>();
    private final String text;

    /** Defaults are None, True, False, numbers, and quoted strings. */
    static Signature of(String text) {
        return new Signature(text);
    }

    private Signature(String text) {
        this.text = text;
        for (String part : text.split(",\\s*")) {
            String[] halves = part.strip().split("=", 2);
            parameters.add(
                    new Parameter(halves[0], halves.length == 2, halves.length == 2 ? literal(halves[1]) : null));
        }
    }

    static @Nullable Object literal(String text) {
        return switch (text) {
            case "None" -> null;
            case "True" -> true;
            case "False" -> false;
            default ->
                text.startsWith("'")
                        ? text.substring(1, text.length() - 1)
                        : text.matches("-?\\d+") ? (Object) Long.parseLong(text) : (Object) Double.parseDouble(text);
        };
    }

    /**
     * The value of each parameter by name.
     *
     * @throws IllegalArgumentException for a missing, surplus or unknown argument
     */
    Map<String, @Nullable Object> bind(CallArguments arguments) {
        if (arguments.positional().size() > parameters.size()) {
            throw new IllegalArgumentException(
                    "takes (" + text + "), got " + arguments.positional().size() + " positional arguments");
        }
        Map<String, @Nullable Object> bound = new LinkedHashMap<>();
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            if (i < arguments.positional().size()) {
                bound.put(parameter.name, arguments.positional().get(i));
            } else if (arguments.keywords().containsKey(parameter.name)) {
                bound.put(parameter.name, arguments.keywords().get(parameter.name));
            } else if (parameter.hasDefault) {
                bound.put(parameter.name, parameter.value);
            } else {
                throw new IllegalArgumentException("missing argument '" + parameter.name + "' of (" + text + ")");
            }
        }
        for (String keyword : arguments.keywords().keySet()) {
            if (!bound.containsKey(keyword)) {
                throw new IllegalArgumentException(
                        "unexpected keyword argument '" + keyword + "'; takes (" + text + ")");
            }
        }
        return bound;
    }
}
