package io.sightline.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Java values to TorchScript's {@code IValue}s and back. */
final class IValues {
    private IValues() {}

    static long of(@Nullable Object value) {
        if (value instanceof Tensor tensor) {
            return ValueNatives.fromTensor(tensor.handle());
        } else if (value instanceof Long number) {
            return ValueNatives.fromLong(number);
        } else if (value instanceof Integer number) {
            return ValueNatives.fromLong(number);
        } else if (value instanceof Double number) {
            return ValueNatives.fromDouble(number);
        } else if (value instanceof Float number) {
            return ValueNatives.fromDouble(number);
        } else if (value instanceof Boolean bool) {
            return ValueNatives.fromBool(bool);
        } else if (value instanceof String text) {
            return ValueNatives.fromString(text);
        } else if (value instanceof long[] numbers) {
            return ValueNatives.fromLongs(numbers);
        } else if (value instanceof double[] numbers) {
            return ValueNatives.fromDoubles(numbers);
        } else if (value instanceof boolean[] bools) {
            return ValueNatives.fromBools(bools);
        } else if (value instanceof DType dtype) {
            return ValueNatives.fromLong(dtype.code());
        } else if (value instanceof Generator generator) {
            return generator.share();
        } else if (value instanceof List<?> tensors) {
            return ValueNatives.fromTensors(handles(tensors));
        }
        throw new IllegalArgumentException("a kernel takes no "
                + (value == null ? "None" : value.getClass().getName())
                + "; see Kernel for the argument types");
    }

    private static long[] handles(List<?> tensors) {
        long[] handles = new long[tensors.size()];
        for (int i = 0; i < handles.length; i++) {
            if (!(tensors.get(i) instanceof Tensor tensor)) {
                throw new IllegalArgumentException("a kernel takes lists of tensors only, item " + i + " is "
                        + tensors.get(i) + "; pass numbers as long[] or double[]");
            }
            handles[i] = tensor.handle();
        }
        return handles;
    }

    static void delete(long[] values) {
        for (long value : values) {
            if (value != 0) {
                ValueNatives.delete(value);
            }
        }
    }

    /** Converts and frees. */
    static @Nullable Object takeResult(long value) {
        try {
            return toJava(value);
        } finally {
            ValueNatives.delete(value);
        }
    }

    private static @Nullable Object toJava(long value) {
        if (ValueNatives.isTensor(value)) {
            return Tensor.adopt(ValueNatives.toTensor(value));
        } else if (ValueNatives.isLong(value)) {
            return ValueNatives.toLong(value);
        } else if (ValueNatives.isDouble(value)) {
            return ValueNatives.toDouble(value);
        } else if (ValueNatives.isBool(value)) {
            return ValueNatives.toBool(value);
        } else if (ValueNatives.isTuple(value)) {
            return Tuple.copyOf(items(ValueNatives.toTuple(value)));
        } else if (ValueNatives.isList(value)) {
            return items(ValueNatives.toList(value));
        } else if (ValueNatives.isString(value)) {
            return ValueNatives.toStringValue(value);
        }
        String type = ValueNatives.typeName(value);
        if (type.startsWith("NoneType") || type.startsWith("None")) {
            return null;
        }
        throw new TorchException("a kernel returned a " + type + ", which has no Java value", null);
    }

    private static List<@Nullable Object> items(long[] values) {
        List<@Nullable Object> items = new ArrayList<>(values.length);
        for (long value : values) {
            items.add(takeResult(value));
        }
        return items;
    }
}
