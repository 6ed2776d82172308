package io.sightline.interleave.function;

import io.sightline.engine.Device;
import io.sightline.engine.Tensor;
import io.sightline.engine.TorchException;
import io.sightline.engine.TorchFunction;
import io.sightline.engine.Tuple;
import io.sightline.interleave.python.NamedTuple;
import io.sightline.interleave.python.Python;
import io.sightline.interleave.python.PythonDict;
import io.sightline.interleave.python.PythonSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Calls a torch function the way Python does: its names of keywords, its numbers, its tuples. */
final class TorchCall {
    /** Python's names of parameters, and ATen's. */
    private static final Map<String, String> KEYWORDS = Map.of("input", "self", "axis", "dim", "keepdims", "keepdim");

    /** Functions whose sizes or dims may be given one by one, {@code x.view(2, 3)} and {@code torch.zeros(2, 3)}. */
    private static final Set<String> SIZES_FIRST = Set.of(
            "zeros", "ones", "empty", "rand", "randn", "broadcast_tensors", "block_diag", "cartesian_prod", "meshgrid");

    private static final Set<String> SIZES_AFTER_TENSOR = Set.of(
            "view",
            "reshape",
            "permute",
            "expand",
            "repeat",
            "tile",
            "flip",
            "new_zeros",
            "new_ones",
            "new_empty",
            "einsum",
            "resize_");

    private static final long MOST_ELEMENTS = 1L << 31;

    private static final Set<String> MAKING_MEMORY = Set.of(
            "zeros",
            "ones",
            "full",
            "rand",
            "randn",
            "eye",
            "arange",
            "randperm",
            "repeat",
            "tile",
            "new_zeros",
            "new_ones",
            "new_full");

    private static final Map<String, List<String>> NAMED_RESULTS = Map.ofEntries(
            values("max"),
            values("min"),
            values("sort"),
            values("topk"),
            values("kthvalue"),
            values("median"),
            values("nanmedian"),
            values("mode"),
            values("cummax"),
            values("cummin"),
            Map.entry("aminmax", List.of("min", "max")),
            Map.entry("svd", List.of("U", "S", "V")),
            Map.entry("qr", List.of("Q", "R")),
            Map.entry("slogdet", List.of("sign", "logabsdet")),
            Map.entry("frexp", List.of("mantissa", "exponent")),
            Map.entry("histogram", List.of("hist", "bin_edges")));

    private static Map.Entry<String, List<String>> values(String name) {
        return Map.entry(name, List.of("values", "indices"));
    }

    private TorchCall() {}

    static @Nullable Object call(String name, @Nullable Object... arguments) {
        return call(name, java.util.Arrays.asList(arguments), Map.of());
    }

    /** As {@link #call}, of a function that gives one tensor. */
    static Tensor tensor(String name, @Nullable Object... arguments) {
        return (Tensor) java.util.Objects.requireNonNull(call(name, arguments));
    }

    static @Nullable Object call(String name, Arguments arguments) {
        return call(name, arguments.positional(), arguments.keywords());
    }

    static @Nullable Object call(
            String name,
            List<? extends @Nullable Object> positional,
            Map<String, ? extends @Nullable Object> keywords) {
        List<@Nullable Object> arguments = new ArrayList<>();
        for (Object argument : gathered(name, positional)) {
            arguments.add(plain(name, argument));
        }
        requireModest(name, arguments);
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        keywords.forEach((key, value) -> {
            if (!(key.equals("out") && value == null)) {
                named.put(KEYWORDS.getOrDefault(key, key), key.equals("device") ? device(value) : plain(name, value));
            }
        });
        return pythonic(name, NumberConversions.call(name, arguments, named));
    }

    /** A graph comes from strangers, and a size is all it takes to ask for the machine's whole memory. */
    private static void requireModest(String name, List<@Nullable Object> arguments) {
        if (!MAKING_MEMORY.contains(name)) {
            return;
        }
        double elements = 1;
        for (Object argument : arguments) {
            if (argument instanceof Tensor tensor) {
                elements *= name.startsWith("new_") ? 1 : Math.max(1, tensor.elements());
            } else if (argument instanceof List<?> sizes) {
                for (Object size : sizes) {
                    elements *= size instanceof Long number ? Math.max(1, number) : 1;
                }
            } else if (argument instanceof Long number && name.equals("eye")) {
                elements *= Math.max(1, number);
            } else if (argument instanceof Number number && (name.equals("arange") || name.equals("randperm"))) {
                elements = Math.max(elements, Math.abs(number.doubleValue()));
            }
        }
        if (elements > MOST_ELEMENTS) {
            throw new IllegalArgumentException("torch." + name + " would make " + elements
                    + " elements; a graph may make " + MOST_ELEMENTS + " at a time");
        }
    }

    private static @Nullable Object device(@Nullable Object value) {
        return value instanceof String spelling ? Device.parse(spelling) : value;
    }

    private static @Nullable Object plain(String name, @Nullable Object value) {
        if (value instanceof PythonDict || value instanceof PythonSet) {
            throw new IllegalArgumentException("torch." + name + " takes no " + Python.typeName(value));
        }
        return value;
    }

    /** Sizes or tensors that were given one by one, as the list that ATen takes. */
    private static List<? extends @Nullable Object> gathered(String name, List<? extends @Nullable Object> arguments) {
        int from = SIZES_FIRST.contains(name) ? 0 : SIZES_AFTER_TENSOR.contains(name) ? 1 : arguments.size();
        if (from >= arguments.size()
                || arguments.get(from) instanceof List
                || arguments.get(from) instanceof io.sightline.engine.DType) {
            return arguments;
        }
        List<@Nullable Object> gathered = new ArrayList<>(arguments.subList(0, from));
        List<@Nullable Object> list = new ArrayList<>();
        for (Object size : arguments.subList(from, arguments.size())) {
            boolean number = size instanceof Tensor tensor
                    && tensor.dimensions() == 0
                    && !name.equals("einsum")
                    && !name.equals("broadcast_tensors");
            list.add(number ? ((Tensor) size).item() : size);
        }
        gathered.add(list);
        return gathered;
    }

    private static @Nullable Object pythonic(String name, @Nullable Object result) {
        if (result instanceof Tuple tuple) {
            List<String> names = NAMED_RESULTS.get(name);
            return names != null && names.size() == tuple.size() ? new NamedTuple(names, tuple) : tuple;
        } else if (result instanceof List<?> list) {
            return Tuple.copyOf(list);
        }
        return result;
    }

    /**
     * Where ATen wants a float, Python takes an int; libtorch's compiler does not, but says which argument it is. What it said is
     * kept for the next call of this kind.
     */
    private static final class NumberConversions {
        private static final java.util.regex.Pattern WANTS_FLOAT = java.util.regex.Pattern.compile(
                "aten::[\\w.]+\\(([^\\n]*)\\) -> [^\\n]*\\n\\s*Expected a value of type '(?:Optional\\[)?float\\]?' for argument '(\\w+)' but instead found type 'int'");
        private static final java.util.concurrent.ConcurrentHashMap<String, List<String>> KNOWN =
                new java.util.concurrent.ConcurrentHashMap<>();

        static @Nullable Object call(
                String name, List<@Nullable Object> arguments, Map<String, @Nullable Object> named) {
            String kind = name + kinds(arguments) + named.keySet() + kinds(named.values());
            for (String wanted : KNOWN.getOrDefault(kind, List.of())) {
                convert(wanted, arguments, named);
            }
            List<String> converted = new ArrayList<>(KNOWN.getOrDefault(kind, List.of()));
            while (true) {
                try {
                    Object result = TorchFunction.call(name, arguments, named);
                    if (!converted.isEmpty()) {
                        KNOWN.put(kind, converted);
                    }
                    return result;
                } catch (TorchException e) {
                    String wanted = wanted(String.valueOf(e.getMessage()), arguments, named);
                    if (wanted == null) {
                        throw new TorchException(reason(name, e, arguments), e);
                    }
                    convert(wanted, arguments, named);
                    converted.add(wanted);
                }
            }
        }

        private static String kinds(Iterable<? extends @Nullable Object> values) {
            StringBuilder kinds = new StringBuilder();
            for (Object value : values) {
                kinds.append(',')
                        .append(value == null ? "None" : value.getClass().getSimpleName());
            }
            return kinds.toString();
        }

        /** The position or the keyword of an int that should be a float. */
        private static @Nullable String wanted(
                String message, List<@Nullable Object> arguments, Map<String, @Nullable Object> named) {
            java.util.regex.Matcher matcher = WANTS_FLOAT.matcher(message);
            while (matcher.find()) {
                String parameter = matcher.group(2);
                if (named.get(parameter) instanceof Long) {
                    return parameter;
                }
                String[] parameters = matcher.group(1).split(", ");
                for (int i = 0; i < Math.min(parameters.length, arguments.size()); i++) {
                    String declared = parameters[i].replaceAll("=.*", "");
                    if (declared.endsWith(" " + parameter) && arguments.get(i) instanceof Long) {
                        return Integer.toString(i);
                    }
                }
            }
            return null;
        }

        private static void convert(
                String wanted, List<@Nullable Object> arguments, Map<String, @Nullable Object> named) {
            if (Character.isDigit(wanted.charAt(0))) {
                int index = Integer.parseInt(wanted);
                if (arguments.get(index) instanceof Long number) {
                    arguments.set(index, number.doubleValue());
                }
            } else if (named.get(wanted) instanceof Long number) {
                named.put(wanted, number.doubleValue());
            }
        }

        /** The compiler's list of overloads, cut to what helps. */
        private static String reason(String name, TorchException e, List<@Nullable Object> arguments) {
            String message = String.valueOf(e.getMessage());
            if (message.contains("Unknown builtin op")) {
                return "libtorch " + io.sightline.engine.Torch.version() + " has no function '" + name + "'";
            }
            int compiling = message.indexOf(": compiling ");
            if (compiling < 0) {
                return message;
            }
            List<String> overloads = message.lines()
                    .map(String::strip)
                    .filter(line -> line.startsWith("aten::") && !line.contains(" out)"))
                    .limit(4)
                    .map(line -> line.substring("aten::".length()).replaceAll(":$", ""))
                    .toList();
            return "torch." + name + " takes no arguments of the kinds ("
                    + String.join(", ", arguments.stream().map(Python::typeName).toList()) + "); it takes "
                    + String.join(" or ", overloads);
        }
    }
}
