package io.sightline.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Java values to TorchScript's {@code IValue}s and back. */
final class IValues {
    private IValues() {}

    static long of(@Nullable Object value) {
        if (value instanceof Tensor tensor) {
            return Natives.fromTensor(tensor.handle());
        } else if (value instanceof Long number) {
            return Natives.fromLong(number);
        } else if (value instanceof Integer number) {
            return Natives.fromLong(number);
        } else if (value instanceof Double number) {
            return Natives.fromDouble(number);
        } else if (value instanceof Float number) {
            return Natives.fromDouble(number);
        } else if (value instanceof Boolean bool) {
            return Natives.fromBool(bool);
        } else if (value instanceof String text) {
            return Natives.fromString(text);
        } else if (value instanceof long[] numbers) {
            return Natives.fromLongs(numbers);
        } else if (value instanceof double[] numbers) {
            return Natives.fromDoubles(numbers);
        } else if (value instanceof boolean[] bools) {
            return Natives.fromBools(bools);
        } else if (value instanceof DType dtype) {
            return Natives.fromLong(dtype.code());
        } else if (value instanceof Generator generator) {
            return generator.share();
        } else if (value instanceof List<?> tensors) {
            return Natives.fromTensors(handles(tensors));
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
                Natives.deleteIValue(value);
            }
        }
    }

    /** Converts and frees. */
    static @Nullable Object takeResult(long value) {
        try {
            return toJava(value);
        } finally {
            Natives.deleteIValue(value);
        }
    }

    private static @Nullable Object toJava(long value) {
        if (Natives.isTensor(value)) {
            return Tensor.adopt(Natives.toTensor(value));
        } else if (Natives.isLong(value)) {
            return Natives.toLong(value);
        } else if (Natives.isDouble(value)) {
            return Natives.toDouble(value);
        } else if (Natives.isBool(value)) {
            return Natives.toBool(value);
        } else if (Natives.isTuple(value)) {
            return Tuple.copyOf(items(Natives.toTuple(value)));
        } else if (Natives.isList(value)) {
            return items(Natives.toList(value));
        } else if (Natives.isString(value)) {
            return Natives.toStringValue(value);
        }
        String type = Natives.typeName(value);
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
