package io.sightline.interleave.function;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.python.Python;
import io.sightline.python.PythonList;
import io.sightline.python.PythonSequences;
import io.sightline.python.Size;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The methods of tensors that a graph may call: torch's own by their list, and those that Python's side of torch adds. */
final class TensorMethodTable {
    private static final Map<String, DType> CONVERSIONS = Map.ofEntries(
            Map.entry("float", DType.FLOAT32),
            Map.entry("double", DType.FLOAT64),
            Map.entry("half", DType.FLOAT16),
            Map.entry("bfloat16", DType.BFLOAT16),
            Map.entry("long", DType.INT64),
            Map.entry("int", DType.INT32),
            Map.entry("short", DType.INT16),
            Map.entry("char", DType.INT8),
            Map.entry("byte", DType.UINT8),
            Map.entry("bool", DType.BOOL),
            Map.entry("cfloat", DType.COMPLEX64),
            Map.entry("cdouble", DType.COMPLEX128));

    private static final long MOST_LISTED = 4_000_000;

    static final Map<String, Function> TABLE = table();

    private TensorMethodTable() {}

    private static Map<String, Function> table() {
        Map<String, Function> table = new LinkedHashMap<>();
        for (String name : Lists.read("tensor-methods.txt")) {
            table.put(name, a -> TorchCall.call(name, a));
        }
        CONVERSIONS.forEach((name, dtype) -> table.put(name, a -> a.tensor(0).to(dtype)));
        table.put("to", TensorMethodTable::to);
        table.put("type", TensorMethodTable::type);
        table.put("cpu", a -> a.tensor(0).to(Device.CPU));
        table.put("contiguous", a -> TorchCall.call("contiguous", a.tensor(0)));
        table.put("clone", a -> TorchCall.call("clone", a.tensor(0)));
        table.put("item", a -> a.tensor(0).item());
        table.put("tolist", a -> toList(a.tensor(0)));
        table.put("size", TensorMethodTable::size);
        table.put("dim", a -> (long) a.tensor(0).dimensions());
        table.put("ndimension", a -> (long) a.tensor(0).dimensions());
        table.put("numel", a -> a.tensor(0).elements());
        table.put("nelement", a -> a.tensor(0).elements());
        table.put("element_size", a -> (long) a.tensor(0).dtype().bytes());
        table.put("is_floating_point", a -> a.tensor(0).dtype().isFloatingPoint());
        table.put(
                "get_device",
                a -> a.tensor(0).device().isCpu()
                        ? -1L
                        : (long) a.tensor(0).device().index());
        table.put("nonzero", TorchFunctions::nonzero);
        table.put("norm", TorchFunctions::norm);
        table.put(
                "new_tensor",
                a -> Creation.tensor(a.at(1), a.tensor(0).dtype())
                        .to(a.tensor(0).device()));
        table.put("new_empty", a -> TorchCall.call("new_empty", a));
        table.put("new_full", a -> TorchCall.call("new_full", a));
        table.put("unique", TorchFunctions::unique);
        table.put("unique_consecutive", TorchFunctions::uniqueConsecutive);
        table.put("backward", TensorMethodTable::backward);
        table.put("requires_grad_", TensorMethodTable::requireGrad);
        table.put("where", a -> TorchCall.call("where", a.at(1), a.at(0), a.at(2)));
        table.put("argwhere", a -> TorchCall.call("argwhere", a.at(0)));
        table.put("sum_to_size", a -> TorchCall.call("sum_to_size", a));
        return table;
    }

    /** {@code to(dtype)}, {@code to(device)}, {@code to(device, dtype)}, {@code to(other)}. */
    private static Tensor to(CallArguments a) {
        Tensor result = a.tensor(0);
        List<@Nullable Object> targets = new java.util.ArrayList<>(
                a.positional().subList(1, a.positional().size()));
        targets.add(a.keywords().get("device"));
        targets.add(a.keywords().get("dtype"));
        targets.add(a.keywords().get("other"));
        for (Object target : targets) {
            if (target instanceof DType dtype) {
                result = result.to(dtype);
            } else if (target instanceof Tensor other) {
                result = result.to(other.device()).to(other.dtype());
            } else if (target instanceof Device || target instanceof String) {
                result = result.to(Creation.Devices.of(target));
            } else if (target != null && !(target instanceof Boolean)) {
                throw new IllegalArgumentException(
                        "to() takes a dtype, a device or a tensor, not a " + Python.typeName(target));
            }
        }
        return Python.truth(a.keywords().get("copy")) && result == a.tensor(0) ? result.copy() : result;
    }

    private static Object type(CallArguments a) {
        if (a.size() == 1) {
            String name = a.tensor(0).dtype() == DType.FLOAT32
                    ? "Float"
                    : a.tensor(0).dtype() == DType.INT64
                            ? "Long"
                            : a.tensor(0).dtype().shortName();
            return "torch." + name + "Tensor";
        }
        return to(a);
    }

    private static @Nullable Object size(CallArguments a) {
        Object dim = a.at(1, a.keywords().get("dim"));
        Tensor x = a.tensor(0);
        if (dim == null) {
            return new Size(x.shape());
        }
        return PythonSequences.item(new Size(x.shape()), dim);
    }

    private static @Nullable Object toList(Tensor x) {
        if (x.elements() > MOST_LISTED) {
            throw new IllegalArgumentException(
                    "tolist() of " + x.elements() + " numbers; a graph may take " + MOST_LISTED);
        }
        if (x.dimensions() == 0) {
            return x.item();
        }
        PythonList list = new PythonList();
        for (Object row : (Tuple) java.util.Objects.requireNonNull(TorchCall.call("unbind", x))) {
            list.add(toList((Tensor) java.util.Objects.requireNonNull(row)));
        }
        return list;
    }

    private static @Nullable Object backward(CallArguments a) {
        var bound = Signature.of("self, gradient=None, retain_graph=None, create_graph=False, inputs=None")
                .bind(a);
        if (bound.get("inputs") != null || Python.truth(bound.get("create_graph"))) {
            throw new IllegalArgumentException(
                    "backward() takes gradient and retain_graph here, not inputs or create_graph");
        }
        a.host().backward(a.tensor(0), (Tensor) bound.get("gradient"));
        return null;
    }

    private static Object requireGrad(CallArguments a) {
        Attributes.set(
                a.tensor(0), "requires_grad", a.at(1, a.keywords().getOrDefault("requires_grad", true)), a.host());
        return a.tensor(0);
    }
}
