package io.sightline.interleave.function;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Slice;
import io.sightline.engine.Tensor;
import io.sightline.graph.GraphException;
import io.sightline.nn.DynamicCache;
import io.sightline.nn.ModelOutput;
import io.sightline.python.NamedTuple;
import io.sightline.python.Python;
import io.sightline.python.PythonDict;
import io.sightline.python.PythonList;
import io.sightline.python.PythonSet;
import io.sightline.python.Size;
import io.sightline.spelling.Nearest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** {@code getattr} by whitelist: what a name means on each kind of object. */
public final class Attributes {
    private Attributes() {}

    /** {@code nnsight.util.fetch_attr}: a dotted path of attributes. */
    static @Nullable Object fetch(CallArguments a) {
        Object value = a.at(0);
        for (String atom : a.text(1).split("\\.")) {
            value = get(value, atom);
        }
        return value;
    }

    static @Nullable Object get(@Nullable Object receiver, String name) {
        if (receiver instanceof ModelOutput output && output.containsKey(name)) {
            return output.get(name);
        } else if (receiver instanceof NamedTuple tuple && tuple.names().contains(name)) {
            return tuple.get(tuple.names().indexOf(name));
        } else if (receiver instanceof Tensor tensor && TensorAttributes.TABLE.containsKey(name)) {
            return TensorAttributes.get(tensor, name);
        }
        Object plain = ofValue(receiver, name);
        if (plain != null) {
            return plain;
        }
        Function method = methods(receiver).get(name);
        if (method == null) {
            throw new IllegalArgumentException(missing(receiver, name));
        }
        return new BoundMethod(receiver, name, method);
    }

    private static @Nullable Object ofValue(@Nullable Object receiver, String name) {
        if (receiver instanceof Device device) {
            return switch (name) {
                case "type" -> device.type();
                case "index" -> (long) device.index();
                default -> null;
            };
        } else if (receiver instanceof DType dtype) {
            return switch (name) {
                case "is_floating_point" -> dtype.isFloatingPoint();
                case "itemsize" -> (long) dtype.bytes();
                default -> null;
            };
        } else if (receiver instanceof Slice slice) {
            return switch (name) {
                case "start" -> slice.start();
                case "stop" -> slice.stop();
                case "step" -> slice.step();
                default -> null;
            };
        }
        return null;
    }

    private static Map<String, Function> methods(@Nullable Object receiver) {
        if (receiver instanceof Tensor) {
            return TensorMethodTable.TABLE;
        } else if (receiver instanceof PythonList) {
            return ContainerMethods.LIST;
        } else if (receiver instanceof Size) {
            return ContainerMethods.SIZE;
        } else if (receiver instanceof List) {
            return ContainerMethods.TUPLE;
        } else if (receiver instanceof PythonDict || receiver instanceof ModelOutput) {
            return ContainerMethods.DICT;
        } else if (receiver instanceof PythonSet) {
            return ContainerMethods.SET;
        } else if (receiver instanceof String) {
            return TextMethods.TABLE;
        } else if (receiver instanceof Optimizer) {
            return Optimizer.METHODS;
        } else if (receiver instanceof DynamicCache) {
            return CacheMethods.TABLE;
        }
        return Map.of();
    }

    private static String missing(@Nullable Object receiver, String name) {
        Set<String> known = new TreeSet<>(methods(receiver).keySet());
        if (receiver instanceof Tensor) {
            known.addAll(TensorAttributes.TABLE.keySet());
        } else if (receiver instanceof ModelOutput output) {
            return "a " + output.className() + " has no '" + name + "'; it has " + output.keySet();
        } else if (receiver instanceof NamedTuple tuple) {
            known.addAll(tuple.names());
        }
        return "'" + Python.typeName(receiver) + "' object has no attribute '" + name + "' that a graph may use"
                + Nearest.hint(name, known);
    }

    /** {@code setattr(receiver, name, value)}. */
    static void set(@Nullable Object receiver, String name, @Nullable Object value, RunContext host) {
        if (receiver instanceof Tensor tensor && name.equals("requires_grad")) {
            tensor.requiresGrad(Python.truth(value));
            if (Python.truth(value)) {
                host.gather(tensor);
            }
        } else if (receiver instanceof Tensor tensor && name.equals("data") && value instanceof Tensor data) {
            tensor.detach().copyFrom(data);
        } else if (receiver instanceof ModelOutput output && !name.startsWith("_")) {
            OperatorFunctions.put(output, name, value, host);
        } else {
            throw new IllegalArgumentException("can't set '" + name + "' of a " + Python.typeName(receiver)
                    + "; a graph may set the entries of a model output, and requires_grad and data of a tensor");
        }
    }

    /**
     * Refuses a name that means nothing on any object, before a graph runs.
     *
     * @param mayBeOutput whether the object may be a model's output, which has entries of any name
     * @throws GraphException naming the nearest name that is allowed
     */
    public static void require(String path, boolean mayBeOutput) {
        for (String name : path.split("\\.", -1)) {
            boolean identifier = name.matches("[A-Za-z][A-Za-z0-9_]*");
            if (!KNOWN.contains(name) && !(identifier && mayBeOutput && !Refused.METHODS.contains(name))) {
                throw new GraphException("attribute or method '" + name + "' is not one that a graph may use"
                        + Refused.why(name) + Nearest.hint(name, KNOWN));
            }
        }
    }

    private static final Set<String> KNOWN = known();

    private static Set<String> known() {
        Set<String> known = new TreeSet<>(TensorAttributes.TABLE.keySet());
        for (Map<String, Function> table : List.of(
                TensorMethodTable.TABLE,
                ContainerMethods.LIST,
                ContainerMethods.TUPLE,
                ContainerMethods.DICT,
                ContainerMethods.SET,
                ContainerMethods.SIZE,
                TextMethods.TABLE,
                Optimizer.METHODS,
                CacheMethods.TABLE)) {
            known.addAll(table.keySet());
        }
        known.addAll(Lists.read("output-fields.txt"));
        known.addAll(List.of(
                "values",
                "indices",
                "min",
                "max",
                "U",
                "S",
                "V",
                "Q",
                "R",
                "sign",
                "logabsdet",
                "mantissa",
                "exponent",
                "hist",
                "bin_edges",
                "type",
                "index",
                "start",
                "stop",
                "step",
                "is_floating_point",
                "itemsize"));
        return known;
    }
}
