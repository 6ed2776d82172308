package io.sightline.interleave.function;

import io.sightline.graph.GraphException;
import io.sightline.python.Python;
import io.sightline.spelling.Nearest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The whitelist: every function that a graph may call, by its name on the wire. */
public final class Whitelist {
    /** {@code nnsight.util.fetch_attr}: {@code getattr}. */
    public static final String FETCH_ATTR = "nnsight.util.fetch_attr";

    /** {@code nnsight.tracing.Proxy.Proxy.proxy_call}: calls what its first argument is. */
    public static final String PROXY_CALL = "nnsight.tracing.Proxy.Proxy.proxy_call";

    private static final Map<String, Function> TABLE = table();

    private Whitelist() {}

    private static Map<String, Function> table() {
        Map<String, Function> table = new LinkedHashMap<>();
        add(table, OperatorFunctions.table(), "_operator.");
        add(table, Builtins.table(), "builtins.");
        // torch versions differ in the module that a function says it is from.
        add(
                table,
                TorchFunctions.table(),
                "torch._VariableFunctionsClass.",
                "_VariableFunctionsClass.",
                "torch.functional.");
        add(table, FunctionalTable.table(), "torch.nn.functional.", "torch._C._nn.");
        add(
                table,
                TensorMethodTable.TABLE,
                "Tensor.",
                "torch.Tensor.",
                "torch._tensor.Tensor.",
                "torch._C.TensorBase.",
                "torch._C._TensorBase.",
                "TensorBase.",
                "_TensorBase.");
        add(table, Einops.table(), "einops.einops.");
        table.put("torch.nn.parameter.Parameter", Optimizer::parameter);
        table.put("torch.optim.sgd.SGD", Optimizer::sgd);
        table.put("torch.Size", Builtins.table().get("tuple"));
        table.put(FETCH_ATTR, Attributes::fetch);
        table.put(PROXY_CALL, Whitelist::proxyCall);
        return table;
    }

    private static void add(Map<String, Function> table, Map<String, Function> functions, String... modules) {
        for (String module : modules) {
            functions.forEach((name, function) -> table.put(module + name, function));
        }
    }

    private static @Nullable Object proxyCall(CallArguments a) {
        if (a.at(0) instanceof Function function) {
            return function.call(a.rest());
        }
        throw new IllegalArgumentException("'" + Python.typeName(a.at(0)) + "' object is not callable");
    }

    /** The function of that name, or null where the whitelist has none. */
    public static @Nullable Function find(String name) {
        return TABLE.get(name);
    }

    /**
     * The function of that name.
     *
     * @throws GraphException naming the nearest one
     */
    public static Function require(String name) {
        Function function = TABLE.get(name);
        if (function == null) {
            String last = name.substring(name.lastIndexOf('.') + 1);
            throw new GraphException("function '" + cut(name) + "' is not on the whitelist" + Refused.why(last)
                    + Nearest.hint(name, TABLE.keySet()));
        }
        return function;
    }

    private static String cut(String name) {
        return name.length() <= 200 ? name : name.substring(0, 200) + "…";
    }

    /** All names, for the documentation and the tests. */
    public static Set<String> names() {
        return Set.copyOf(TABLE.keySet());
    }

    static Function named(String name) {
        return Objects.requireNonNull(TABLE.get(name));
    }
}
