package io.sightline.envoy;

import java.util.Map;
import java.util.Set;

/** Names of functions as Python writes them, turned into the names that nnsight puts on the wire. */
final class FunctionNames {
    private static final Set<String> BUILTINS = Set.of(
            "abs", "all", "any", "bool", "complex", "dict", "float", "int", "len", "list", "max", "min", "print",
            "range", "round", "set", "slice", "sorted", "str", "sum", "tuple");
    private static final Map<String, String> ELSEWHERE = Map.of(
            "torch.nn.Parameter", "torch.nn.parameter.Parameter",
            "torch.optim.SGD", "torch.optim.sgd.SGD",
            "torch.optim.Adam", "torch.optim.adam.Adam",
            "torch.optim.AdamW", "torch.optim.adamw.AdamW");

    private FunctionNames() {}

    /**
     * {@code torch.softmax} is a member of a class in torch's C extension, {@code einops.rearrange} of a module of the same name, {@code list}
     * a builtin; names that are complete already stay.
     */
    static String onTheWire(String name) {
        if (BUILTINS.contains(name)) {
            return "builtins." + name;
        } else if (ELSEWHERE.containsKey(name)) {
            return ELSEWHERE.get(name);
        }
        String[] parts = name.split("\\.", -1);
        if (parts.length == 2 && parts[0].equals("torch")) {
            return "torch._VariableFunctionsClass." + parts[1];
        } else if (parts.length == 2 && parts[0].equals("einops")) {
            return "einops.einops." + parts[1];
        } else if (parts.length == 2 && parts[0].equals("operator")) {
            return "_operator." + parts[1];
        }
        return name;
    }
}
