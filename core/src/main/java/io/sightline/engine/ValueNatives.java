package io.sightline.engine;

import java.lang.invoke.MethodHandle;

/** The natives of torch's {@code IValue}s: what kernels take and give, by their handles; the code that makes one deletes it. */
final class ValueNatives {
    private static final MethodHandle DELETE_IVALUE = Natives.find("torchDeleteIValue", void.class, long.class);
    private static final MethodHandle FROM_TENSOR = Natives.find("iValueFromTensor", long.class, long.class);
    private static final MethodHandle FROM_BOOL = Natives.find("iValueFromBool", long.class, boolean.class);
    private static final MethodHandle FROM_LONG = Natives.find("iValueFromLong", long.class, long.class);
    private static final MethodHandle FROM_DOUBLE = Natives.find("iValueFromDouble", long.class, double.class);
    private static final MethodHandle FROM_STRING = Natives.find("iValueFromString", long.class, String.class);
    private static final MethodHandle FROM_LONGS = Natives.find("iValueFromLongList", long.class, long[].class);
    private static final MethodHandle FROM_DOUBLES = Natives.find("iValueFromDoubleList", long.class, double[].class);
    private static final MethodHandle FROM_BOOLS = Natives.find("iValueFromBoolList", long.class, boolean[].class);
    private static final MethodHandle FROM_TENSORS = Natives.find("iValueFromTensorList", long.class, long[].class);
    private static final MethodHandle TYPE_NAME = Natives.find("iValueGetType", String.class, long.class);
    private static final MethodHandle TO_TENSOR = Natives.find("iValueToTensor", long.class, long.class);
    private static final MethodHandle TO_BOOL = Natives.find("iValueToBool", boolean.class, long.class);
    private static final MethodHandle TO_LONG = Natives.find("iValueToLong", long.class, long.class);
    private static final MethodHandle TO_DOUBLE = Natives.find("iValueToDouble", double.class, long.class);
    private static final MethodHandle TO_STRING = Natives.find("iValueToString", String.class, long.class);
    private static final MethodHandle TO_LIST = Natives.find("iValueToIValueList", long[].class, long.class);
    private static final MethodHandle TO_TUPLE = Natives.find("iValueToIValueTuple", long[].class, long.class);
    private static final MethodHandle IS_TENSOR = Natives.find("iValueIsTensor", boolean.class, long.class);
    private static final MethodHandle IS_TUPLE = Natives.find("iValueIsTuple", boolean.class, long.class);
    private static final MethodHandle IS_LIST = Natives.find("iValueIsList", boolean.class, long.class);
    private static final MethodHandle IS_BOOL = Natives.find("iValueIsBool", boolean.class, long.class);
    private static final MethodHandle IS_LONG = Natives.find("iValueIsLong", boolean.class, long.class);
    private static final MethodHandle IS_DOUBLE = Natives.find("iValueIsDouble", boolean.class, long.class);
    private static final MethodHandle IS_STRING = Natives.find("iValueIsString", boolean.class, long.class);

    private ValueNatives() {}

    static void delete(long value) {
        try {
            DELETE_IVALUE.invokeExact(value);
        } catch (Throwable e) {
            throw TorchException.of("deleteIValue", e);
        }
    }

    static long fromTensor(long tensor) {
        try {
            return (long) FROM_TENSOR.invokeExact(tensor);
        } catch (Throwable e) {
            throw TorchException.of("fromTensor", e);
        }
    }

    static long fromBool(boolean value) {
        try {
            return (long) FROM_BOOL.invokeExact(value);
        } catch (Throwable e) {
            throw TorchException.of("fromBool", e);
        }
    }

    static long fromLong(long value) {
        try {
            return (long) FROM_LONG.invokeExact(value);
        } catch (Throwable e) {
            throw TorchException.of("fromLong", e);
        }
    }

    static long fromDouble(double value) {
        try {
            return (long) FROM_DOUBLE.invokeExact(value);
        } catch (Throwable e) {
            throw TorchException.of("fromDouble", e);
        }
    }

    static long fromString(String value) {
        try {
            return (long) FROM_STRING.invokeExact(value);
        } catch (Throwable e) {
            throw TorchException.of("fromString", e);
        }
    }

    static long fromLongs(long[] values) {
        try {
            return (long) FROM_LONGS.invokeExact(values);
        } catch (Throwable e) {
            throw TorchException.of("fromLongs", e);
        }
    }

    static long fromDoubles(double[] values) {
        try {
            return (long) FROM_DOUBLES.invokeExact(values);
        } catch (Throwable e) {
            throw TorchException.of("fromDoubles", e);
        }
    }

    static long fromBools(boolean[] values) {
        try {
            return (long) FROM_BOOLS.invokeExact(values);
        } catch (Throwable e) {
            throw TorchException.of("fromBools", e);
        }
    }

    static long fromTensors(long[] tensors) {
        try {
            return (long) FROM_TENSORS.invokeExact(tensors);
        } catch (Throwable e) {
            throw TorchException.of("fromTensors", e);
        }
    }

    static String typeName(long value) {
        try {
            return (String) TYPE_NAME.invokeExact(value);
        } catch (Throwable e) {
            throw TorchException.of("typeName", e);
        }
    }

    static long toTensor(long value) {
        try {
            return (long) TO_TENSOR.invokeExact(value);
        } catch (Throwable e) {
            throw TorchException.of("toTensor", e);
        }
    }

    static boolean toBool(long value) {
        try {
            return (boolean) TO_BOOL.invokeExact(value);
        } catch (Throwable e) {
            throw TorchException.of("toBool", e);
        }
    }

    static long toLong(long value) {
        try {
            return (long) TO_LONG.invokeExact(value);
        } catch (Throwable e) {
            throw TorchException.of("toLong", e);
        }
    }

    static double toDouble(long value) {
        try {
            return (double) TO_DOUBLE.invokeExact(value);
        } catch (Throwable e) {
            throw TorchException.of("toDouble", e);
        }
    }

    static String toStringValue(long value) {
        try {
            return (String) TO_STRING.invokeExact(value);
        } catch (Throwable e) {
            throw TorchException.of("toStringValue", e);
        }
    }

    static long[] toList(long value) {
        try {
            return (long[]) TO_LIST.invokeExact(value);
        } catch (Throwable e) {
            throw TorchException.of("toList", e);
        }
    }

    static long[] toTuple(long value) {
        try {
            return (long[]) TO_TUPLE.invokeExact(value);
        } catch (Throwable e) {
            throw TorchException.of("toTuple", e);
        }
    }

    static boolean isTensor(long value) {
        try {
            return (boolean) IS_TENSOR.invokeExact(value);
        } catch (Throwable e) {
            throw TorchException.of("isTensor", e);
        }
    }

    static boolean isTuple(long value) {
        try {
            return (boolean) IS_TUPLE.invokeExact(value);
        } catch (Throwable e) {
            throw TorchException.of("isTuple", e);
        }
    }

    static boolean isList(long value) {
        try {
            return (boolean) IS_LIST.invokeExact(value);
        } catch (Throwable e) {
            throw TorchException.of("isList", e);
        }
    }

    static boolean isBool(long value) {
        try {
            return (boolean) IS_BOOL.invokeExact(value);
        } catch (Throwable e) {
            throw TorchException.of("isBool", e);
        }
    }

    static boolean isLong(long value) {
        try {
            return (boolean) IS_LONG.invokeExact(value);
        } catch (Throwable e) {
            throw TorchException.of("isLong", e);
        }
    }

    static boolean isDouble(long value) {
        try {
            return (boolean) IS_DOUBLE.invokeExact(value);
        } catch (Throwable e) {
            throw TorchException.of("isDouble", e);
        }
    }

    static boolean isString(long value) {
        try {
            return (boolean) IS_STRING.invokeExact(value);
        } catch (Throwable e) {
            throw TorchException.of("isString", e);
        }
    }
}
