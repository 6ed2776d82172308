package io.sightline.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Calls any function of torch that TorchScript knows, by its ATen name: {@code call("softmax", List.of(x), Map.of("dim", -1L))}.
 *
 * <p>libtorch resolves the overload: for each combination of argument kinds one small kernel is generated, compiled once and kept.
 * Values travel as kernel parameters, never as source text, so nothing that a caller passes can become code.
 *
 * <p>Arguments and keyword values: {@link Tensor}, {@code Long}, {@code Double}, {@code Boolean}, {@code String}, {@link DType},
 * {@link Device}, {@code null} for None, and lists or tuples of tensors, of ints, of floats, of bools (a list that mixes ints and floats is
 * one of floats; one that mixes with None is taken item by item).
 */
public final class TorchFunction {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*(\\.[a-zA-Z_][a-zA-Z0-9_]*)?");
    private static final ConcurrentHashMap<String, Kernel> COMPILED = new ConcurrentHashMap<>();

    private TorchFunction() {}

    /**
     * Calls {@code torch.<name>(arguments…, keywords…)}.
     *
     * @throws TorchException if no overload takes these arguments, or the operation fails
     */
    public static @Nullable Object call(
            String name, List<? extends @Nullable Object> arguments, Map<String, ? extends @Nullable Object> keywords) {
        checkName(name);
        Call call = new Call();
        List<String> written = new ArrayList<>();
        for (Object argument : arguments) {
            written.add(call.expression(argument));
        }
        keywords.forEach((key, value) -> {
            checkName(key);
            written.add(key + "=" + call.expression(value));
        });
        return call.run(name, "torch." + name + "(" + String.join(", ", written) + ")");
    }

    /** {@code x[index]}; the index is an int, {@link Slice}, {@link Ellipsis}, None, a tensor, or a {@link Tuple} of those. */
    public static @Nullable Object getItem(Tensor x, @Nullable Object index) {
        Call call = new Call();
        String target = call.expression(x);
        return call.run("getitem", target + "[" + call.index(index) + "]");
    }

    /** {@code x[index] = value} in place; {@code value} is a tensor or a number. */
    public static void setItem(Tensor x, @Nullable Object index, @Nullable Object value) {
        Call call = new Call();
        String target = call.expression(x);
        String place = call.index(index);
        call.execute("setitem", target + "[" + place + "] = " + call.expression(value));
    }

    private static void checkName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is not a name of a torch function or of its arguments");
        }
    }

    /** One call being written: its parameters so far and their values. */
    private static final class Call {
        private final List<String> parameters = new ArrayList<>();
        private final List<Object> values = new ArrayList<>();

        String expression(@Nullable Object value) {
            if (value == null) {
                return "None";
            } else if (value instanceof Tensor) {
                return parameter("Tensor", value);
            } else if (value instanceof Long || value instanceof Integer) {
                return parameter("int", value);
            } else if (value instanceof Double || value instanceof Float) {
                return parameter("float", value);
            } else if (value instanceof Boolean) {
                return parameter("bool", value);
            } else if (value instanceof String) {
                return parameter("str", value);
            } else if (value instanceof DType dtype) {
                return Integer.toString(dtype.code());
            } else if (value instanceof Device device) {
                return "torch.device(\"" + device + "\")";
            } else if (value instanceof List<?> items) {
                return list(items);
            }
            throw new IllegalArgumentException(
                    "a torch function takes no " + value.getClass().getSimpleName() + " (" + value + ")");
        }

        private String parameter(String type, Object value) {
            String name = "a" + parameters.size();
            parameters.add(name + ": " + type);
            values.add(value);
            return name;
        }

        private String list(List<?> items) {
            if (items.isEmpty()) {
                return parameter("List[int]", new long[0]);
            } else if (all(items, Tensor.class)) {
                return parameter("List[Tensor]", items);
            } else if (items.stream().allMatch(i -> i instanceof Long || i instanceof Integer)) {
                return parameter(
                        "List[int]",
                        items.stream().mapToLong(i -> ((Number) i).longValue()).toArray());
            } else if (all(items, Number.class)) {
                return parameter(
                        "List[float]",
                        items.stream()
                                .mapToDouble(i -> ((Number) i).doubleValue())
                                .toArray());
            } else if (all(items, Boolean.class)) {
                return parameter("List[bool]", booleans(items));
            }
            return "[" + String.join(", ", items.stream().map(this::expression).toList()) + "]";
        }

        private static boolean all(List<?> items, Class<?> type) {
            return items.stream().allMatch(type::isInstance);
        }

        String index(@Nullable Object index) {
            if (index instanceof Tuple tuple) {
                return tuple.isEmpty()
                        ? "..."
                        : String.join(", ", tuple.stream().map(this::indexPart).toList());
            }
            return indexPart(index);
        }

        private String indexPart(@Nullable Object part) {
            if (part instanceof Ellipsis) {
                return "...";
            } else if (part instanceof Slice slice) {
                return bound(slice.start()) + ":" + bound(slice.stop()) + ":" + bound(slice.step());
            } else if (part instanceof List<?> positions) {
                return expression(asIndexTensor(positions));
            } else if (part instanceof Boolean bool) {
                return expression(Tensor.of(new boolean[] {bool}));
            }
            return expression(part);
        }

        private String bound(@Nullable Object bound) {
            return bound == null ? "" : expression(bound instanceof Tensor tensor ? tensor.item() : bound);
        }

        private static Tensor asIndexTensor(List<?> positions) {
            if (positions.stream().allMatch(p -> p instanceof Boolean)) {
                return Tensor.of(booleans(positions), positions.size());
            }
            long[] indices = new long[positions.size()];
            for (int i = 0; i < indices.length; i++) {
                Object position = positions.get(i) instanceof Tensor tensor ? tensor.item() : positions.get(i);
                if (!(position instanceof Number number)) {
                    throw new IllegalArgumentException("an index list holds ints or bools, not " + position);
                }
                indices[i] = number.longValue();
            }
            return Tensor.of(indices, indices.length);
        }

        private static boolean[] booleans(List<?> items) {
            boolean[] booleans = new boolean[items.size()];
            for (int i = 0; i < booleans.length; i++) {
                booleans[i] = (Boolean) items.get(i);
            }
            return booleans;
        }

        @Nullable
        Object run(String name, String expression) {
            return kernel(name, "Any", "return " + expression).call(values.toArray());
        }

        void execute(String name, String statement) {
            kernel(name, "NoneType", statement, "return None").call(values.toArray());
        }

        private Kernel kernel(String name, String returns, String... body) {
            String signature = String.join(", ", parameters);
            return COMPILED.computeIfAbsent(
                    signature + "|" + String.join("|", body),
                    key -> Kernel.define("torch." + name, signature, returns, body));
        }
    }
}
