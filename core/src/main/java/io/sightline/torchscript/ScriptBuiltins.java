package io.sightline.torchscript;

import io.sightline.engine.Device;
import io.sightline.engine.Tensor;
import io.sightline.engine.TorchException;
import io.sightline.python.Python;
import io.sightline.python.PythonConversions;
import io.sightline.python.PythonOperators;
import io.sightline.python.PythonText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Functions without a module in front, and those of {@code ops.prim}. */
final class ScriptBuiltins {
    private static final Map<String, Callable> PLAIN = Map.of(
            "int", (a, k) -> PythonConversions.toInt(a.get(0)),
            "float", (a, k) -> PythonConversions.toFloat(a.get(0)),
            "bool", (a, k) -> Python.truth(a.get(0)),
            "str", (a, k) -> PythonText.str(a.get(0)),
            "unchecked_unwrap_optional", (a, k) -> Frame.some(a.get(0)));

    private static final Map<String, Callable> PRIM = new HashMap<>();

    static {
        PRIM.put("NumToTensor", (a, k) -> tensorOf(a.get(0)));
        PRIM.put("RaiseException", (a, k) -> raise(a));
        PRIM.put("dtype", (a, k) -> (long) tensor(a).dtype().code());
        PRIM.put("device", (a, k) -> tensor(a).device());
        PRIM.put("data", (a, k) -> tensor(a).detach());
        PRIM.put("requires_grad", (a, k) -> tensor(a).requiresGrad());
        PRIM.put("min", (a, k) -> extreme(a, "<"));
        PRIM.put("max", (a, k) -> extreme(a, ">"));
        PRIM.put("unchecked_unwrap_optional", (a, k) -> Frame.some(a.get(0)));
        PRIM.put("type", (a, k) -> ((Device) Frame.some(a.get(0))).type());
        PRIM.put("is_cpu", (a, k) -> tensor(a).device().isCpu());
        PRIM.put("is_cuda", (a, k) -> tensor(a).device().type().equals("cuda"));
        PRIM.put("is_meta", (a, k) -> tensor(a).device().isMeta());
        // Kinds of tensors that nothing here makes.
        for (String kind : List.of("is_nested", "is_quantized", "is_sparse", "is_sparse_csr", "is_mkldnn")) {
            PRIM.put(kind, (a, k) -> false);
        }
    }

    private ScriptBuiltins() {}

    static @Nullable Callable find(String name) {
        return PLAIN.get(name);
    }

    static Callable prim(String name) {
        Callable callable = PRIM.get(name);
        if (callable == null) {
            throw new UnsupportedOperationException("the code uses ops.prim." + name + ", which is not run here");
        }
        return callable;
    }

    private static Tensor tensor(List<@Nullable Object> arguments) {
        if (arguments.get(0) instanceof Tensor tensor) {
            return tensor;
        }
        throw new UnsupportedOperationException("the code takes " + arguments.get(0) + " for a tensor");
    }

    private static Tensor tensorOf(@Nullable Object value) {
        if (value instanceof Long number) {
            return Tensor.of(new long[] {number});
        } else if (value instanceof Boolean bool) {
            return Tensor.of(new boolean[] {bool});
        }
        return Tensor.of(new double[] {PythonConversions.toFloat(value)});
    }

    private static @Nullable Object raise(List<@Nullable Object> arguments) {
        throw new TorchException("the model raised: " + arguments.get(0), null);
    }

    /** Of two numbers, or of one list. */
    private static @Nullable Object extreme(List<@Nullable Object> arguments, String better) {
        List<@Nullable Object> values =
                arguments.size() == 1 ? new ArrayList<>((List<?>) Frame.some(arguments.get(0))) : arguments;
        Object best = values.get(0);
        for (Object value : values) {
            best = PythonOperators.compare(better, value, best) ? value : best;
        }
        return best;
    }
}
