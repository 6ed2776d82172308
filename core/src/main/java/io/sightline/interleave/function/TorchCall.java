package io.sightline.interleave.function;

import io.sightline.engine.Device;
import io.sightline.engine.Tensor;
import io.sightline.engine.TorchException;
import io.sightline.engine.TorchFunction;
import io.sightline.python.Python;
import io.sightline.python.PythonDict;
import io.sightline.python.PythonSet;
import io.sightline.python.SizeMismatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Calls a torch function the way Python does: its names of keywords, its numbers, its tuples. */
final class TorchCall {
    /** Python's names of parameters, and ATen's. */
    private static final Map<String, String> KEYWORDS = Map.of("input", "self", "axis", "dim", "keepdims", "keepdim");

    /** Uninitialised memory would show what was in it before: a graph gets zeros. */
    private static final Map<String, String> ZEROED =
            Map.of("empty", "zeros", "empty_like", "zeros_like", "new_empty", "new_zeros");

    private TorchCall() {}

    static @Nullable Object call(String name, @Nullable Object... arguments) {
        return call(name, Arrays.asList(arguments), Map.of());
    }

    /** As {@link #call}, of a function that gives one tensor. */
    static Tensor tensor(String name, @Nullable Object... arguments) {
        return (Tensor) Objects.requireNonNull(call(name, arguments));
    }

    static @Nullable Object call(String name, CallArguments arguments) {
        return call(name, arguments.positional(), arguments.keywords());
    }

    static @Nullable Object call(
            String name,
            List<? extends @Nullable Object> positional,
            Map<String, ? extends @Nullable Object> keywords) {
        List<@Nullable Object> arguments = new ArrayList<>(LooseSizes.gather(name, positional));
        arguments.forEach(argument -> checkTorchArgument(name, argument));
        Map<String, @Nullable Object> named = atenKeywords(name, keywords);
        SizeLimit.check(name, arguments, named);
        FloatParameters.convert(name, arguments, named);
        try {
            return NamedResults.of(name, TorchFunction.call(ZEROED.getOrDefault(name, name), arguments, named));
        } catch (TorchException e) {
            TorchException explained = UnfitArguments.explained(name, arguments, e);
            throw ShapeRules.ruleOut(name, arguments, named)
                    ? new SizeMismatch(explained.getMessage(), explained)
                    : explained;
        }
    }

    private static Map<String, @Nullable Object> atenKeywords(
            String name, Map<String, ? extends @Nullable Object> keywords) {
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        keywords.forEach((key, value) -> {
            checkTorchArgument(name, value);
            boolean nothing = key.equals("out") && value == null;
            if (!nothing) {
                boolean device = key.equals("device") && value instanceof String;
                named.put(KEYWORDS.getOrDefault(key, key), device ? Device.parse((String) value) : value);
            }
        });
        return named;
    }

    private static void checkTorchArgument(String name, @Nullable Object value) {
        if (value instanceof PythonDict || value instanceof PythonSet) {
            throw new IllegalArgumentException("torch." + name + " takes no " + Python.typeName(value));
        }
    }
}
