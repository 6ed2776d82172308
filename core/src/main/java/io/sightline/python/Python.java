package io.sightline.python;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Ellipsis;
import io.sightline.engine.Slice;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.nn.ModelOutput;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Python asks of any object: its type's name, its truth, its length, whether it equals another. */
public final class Python {
    private Python() {}

    /** {@code type(value).__name__}. */
    public static String typeName(@Nullable Object value) {
        if (value == null) {
            return "NoneType";
        } else if (value instanceof Boolean) {
            return "bool";
        } else if (value instanceof Long) {
            return "int";
        } else if (value instanceof Double) {
            return "float";
        } else if (value instanceof String) {
            return "str";
        } else if (value instanceof Tensor) {
            return "Tensor";
        } else if (value instanceof Size) {
            return "Size";
        } else if (value instanceof Tuple || value instanceof NamedTuple) {
            return "tuple";
        } else if (value instanceof List) {
            return "list";
        } else if (value instanceof ModelOutput output) {
            return output.className();
        } else if (value instanceof Map) {
            return "dict";
        } else if (value instanceof Set) {
            return "set";
        } else if (value instanceof Slice) {
            return "slice";
        } else if (value instanceof Ellipsis) {
            return "ellipsis";
        } else if (value instanceof DType) {
            return "dtype";
        } else if (value instanceof Device) {
            return "device";
        }
        return value.getClass().getSimpleName();
    }

    /** {@code bool(value)}. */
    public static boolean truth(@Nullable Object value) {
        if (value == null) {
            return false;
        } else if (value instanceof Boolean bool) {
            return bool;
        } else if (value instanceof Long number) {
            return number != 0;
        } else if (value instanceof Double number) {
            return number != 0;
        } else if (value instanceof String text) {
            return !text.isEmpty();
        } else if (value instanceof Tensor tensor) {
            return truth(tensor);
        } else if (value instanceof List<?> items) {
            return !items.isEmpty();
        } else if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        } else if (value instanceof Set<?> set) {
            return !set.isEmpty();
        }
        return true;
    }

    private static boolean truth(Tensor tensor) {
        if (tensor.elements() > 1) {
            throw new IllegalArgumentException(
                    "Boolean value of Tensor with more than one value is ambiguous; reduce it first with any() or all()");
        }
        return tensor.elements() == 1 && truth(tensor.item());
    }

    /** {@code len(value)}. */
    public static long length(@Nullable Object value) {
        if (value instanceof String text) {
            return text.codePointCount(0, text.length());
        } else if (value instanceof Tensor tensor) {
            if (tensor.dimensions() == 0) {
                throw new IllegalArgumentException("len() of a 0-d tensor");
            }
            return tensor.size(0);
        } else if (value instanceof List<?> items) {
            return items.size();
        } else if (value instanceof Map<?, ?> map) {
            return map.size();
        } else if (value instanceof Set<?> set) {
            return set.size();
        }
        throw new IllegalArgumentException("object of type '" + typeName(value) + "' has no len()");
    }

    /** {@code a == b} for anything but tensors, which compare by element. */
    public static boolean equal(@Nullable Object a, @Nullable Object b) {
        if (PythonNumbers.isNumber(a) && PythonNumbers.isNumber(b)) {
            return PythonNumbers.compare(a, b) == 0;
        } else if (a instanceof List<?> x && b instanceof List<?> y) {
            return kind(x) == kind(y) && equalItems(x, y);
        } else if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            return x.size() == y.size()
                    && x.entrySet().stream()
                            .allMatch(e -> y.containsKey(e.getKey()) && equal(e.getValue(), y.get(e.getKey())));
        } else if (a instanceof Tensor || b instanceof Tensor) {
            return a == b;
        }
        return Objects.equals(a, b);
    }

    private static boolean equalItems(List<?> a, List<?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!equal(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** A list never equals a tuple; torch.Size and named tuples are tuples. */
    private static String kind(List<?> items) {
        return items instanceof PythonList ? "list" : "tuple";
    }
}
