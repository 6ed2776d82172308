package io.sightline.engine;

import ai.djl.pytorch.jni.JniUtils;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;

/**
 * The natives of DJL's PyTorch engine that its public API does not reach, or reaches at several times their cost.
 *
 * <p>They are found once with {@link MethodHandles#privateLookupIn}, which works under Spark's class loaders, where a class of ours
 * in DJL's package would not. Handles are plain {@code long}s here; who owns them is {@link Tensor}'s affair.
 */
final class Natives {
    private static final Object LIBRARY;
    private static final MethodHandles.Lookup LOOKUP;
    private static final Class<?> TYPE;

    static {
        Torch.load();
        try {
            TYPE = Class.forName("ai.djl.pytorch.jni.PyTorchLibrary", true, JniUtils.class.getClassLoader());
            LOOKUP = MethodHandles.privateLookupIn(TYPE, MethodHandles.lookup());
            LIBRARY = LOOKUP.findStaticVarHandle(TYPE, "LIB", TYPE).get();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final MethodHandle SIZES = find("torchSizes", long[].class, long.class);
    private static final MethodHandle DTYPE = find("torchDType", int.class, long.class);
    private static final MethodHandle DEVICE = find("torchDevice", int[].class, long.class);
    private static final MethodHandle IS_CONTIGUOUS = find("torchIsContiguous", boolean.class, long.class);
    private static final MethodHandle CONTIGUOUS = find("torchToContiguous", long.class, long.class);
    private static final MethodHandle DIRECT_BUFFER = find("torchDirectByteBuffer", ByteBuffer.class, long.class);
    private static final MethodHandle DELETE_TENSOR = find("torchDeleteTensor", void.class, long.class);
    private static final MethodHandle ADD = find("torchAdd", long.class, long.class, long.class);
    private static final MethodHandle LINEAR = find("torchNNLinear", long.class, long.class, long.class, long.class);
    private static final MethodHandle EMBEDDING =
            find("torchNNEmbedding", long.class, long.class, long.class, boolean.class);
    private static final MethodHandle LAYER_NORM =
            find("torchNNLayerNorm", long.class, long.class, long[].class, long.class, long.class, double.class);
    private static final MethodHandle ATTACH_GRAD = find("torchAttachGrad", void.class, long.class, boolean.class);
    private static final MethodHandle GRAD = find("torchGrad", long.class, long.class);
    private static final MethodHandle RUN_METHOD =
            find("moduleRunMethod", long.class, long.class, String.class, long[].class, boolean.class, boolean.class);
    private static final MethodHandle OPTIMIZE = find("setGraphExecutorOptimize", void.class, boolean.class);
    private static final MethodHandle DELETE_IVALUE = find("torchDeleteIValue", void.class, long.class);
    private static final MethodHandle FROM_TENSOR = find("iValueFromTensor", long.class, long.class);
    private static final MethodHandle FROM_BOOL = find("iValueFromBool", long.class, boolean.class);
    private static final MethodHandle FROM_LONG = find("iValueFromLong", long.class, long.class);
    private static final MethodHandle FROM_DOUBLE = find("iValueFromDouble", long.class, double.class);
    private static final MethodHandle FROM_STRING = find("iValueFromString", long.class, String.class);
    private static final MethodHandle FROM_LONGS = find("iValueFromLongList", long.class, long[].class);
    private static final MethodHandle FROM_DOUBLES = find("iValueFromDoubleList", long.class, double[].class);
    private static final MethodHandle FROM_BOOLS = find("iValueFromBoolList", long.class, boolean[].class);
    private static final MethodHandle FROM_TENSORS = find("iValueFromTensorList", long.class, long[].class);
    private static final MethodHandle TYPE_NAME = find("iValueGetType", String.class, long.class);
    private static final MethodHandle TO_TENSOR = find("iValueToTensor", long.class, long.class);
    private static final MethodHandle TO_BOOL = find("iValueToBool", boolean.class, long.class);
    private static final MethodHandle TO_LONG = find("iValueToLong", long.class, long.class);
    private static final MethodHandle TO_DOUBLE = find("iValueToDouble", double.class, long.class);
    private static final MethodHandle TO_STRING = find("iValueToString", String.class, long.class);
    private static final MethodHandle TO_LIST = find("iValueToIValueList", long[].class, long.class);
    private static final MethodHandle TO_TUPLE = find("iValueToIValueTuple", long[].class, long.class);
    private static final MethodHandle IS_TENSOR = find("iValueIsTensor", boolean.class, long.class);
    private static final MethodHandle IS_TUPLE = find("iValueIsTuple", boolean.class, long.class);
    private static final MethodHandle IS_LIST = find("iValueIsList", boolean.class, long.class);
    private static final MethodHandle IS_BOOL = find("iValueIsBool", boolean.class, long.class);
    private static final MethodHandle IS_LONG = find("iValueIsLong", boolean.class, long.class);
    private static final MethodHandle IS_DOUBLE = find("iValueIsDouble", boolean.class, long.class);
    private static final MethodHandle IS_STRING = find("iValueIsString", boolean.class, long.class);

    /** c10's undefined tensor, as an argument that stands for "no bias". */
    static final long UNDEFINED = 0L;

    private Natives() {}

    private static MethodHandle find(String name, Class<?> returns, Class<?>... parameters) {
        try {
            MethodHandle handle = LOOKUP.findVirtual(TYPE, name, MethodType.methodType(returns, parameters))
                    .bindTo(LIBRARY);
            return handle.asFixedArity();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "DJL's PyTorch engine has no native '" + name + "': Sightline needs DJL 0.36.0", e);
        }
    }

    static long[] sizes(long tensor) {
        try {
            return (long[]) SIZES.invokeExact(tensor);
        } catch (Throwable e) {
            throw TorchException.of("sizes", e);
        }
    }

    static int djlDtype(long tensor) {
        try {
            return (int) DTYPE.invokeExact(tensor);
        } catch (Throwable e) {
            throw TorchException.of("djlDtype", e);
        }
    }

    static int[] device(long tensor) {
        try {
            return (int[]) DEVICE.invokeExact(tensor);
        } catch (Throwable e) {
            throw TorchException.of("device", e);
        }
    }

    static boolean isContiguous(long tensor) {
        try {
            return (boolean) IS_CONTIGUOUS.invokeExact(tensor);
        } catch (Throwable e) {
            throw TorchException.of("isContiguous", e);
        }
    }

    static long contiguous(long tensor) {
        try {
            return (long) CONTIGUOUS.invokeExact(tensor);
        } catch (Throwable e) {
            throw TorchException.of("contiguous", e);
        }
    }

    static ByteBuffer directBuffer(long tensor) {
        try {
            return (ByteBuffer) DIRECT_BUFFER.invokeExact(tensor);
        } catch (Throwable e) {
            throw TorchException.of("directBuffer", e);
        }
    }

    static void deleteTensor(long tensor) {
        try {
            DELETE_TENSOR.invokeExact(tensor);
        } catch (Throwable e) {
            throw TorchException.of("deleteTensor", e);
        }
    }

    static long add(long a, long b) {
        try {
            return (long) ADD.invokeExact(a, b);
        } catch (Throwable e) {
            throw TorchException.of("add", e);
        }
    }

    static long linear(long input, long weight, long bias) {
        try {
            return (long) LINEAR.invokeExact(input, weight, bias);
        } catch (Throwable e) {
            throw TorchException.of("linear", e);
        }
    }

    static long embedding(long input, long weight, boolean sparse) {
        try {
            return (long) EMBEDDING.invokeExact(input, weight, sparse);
        } catch (Throwable e) {
            throw TorchException.of("embedding", e);
        }
    }

    static long layerNorm(long input, long[] shape, long weight, long bias, double eps) {
        try {
            return (long) LAYER_NORM.invokeExact(input, shape, weight, bias, eps);
        } catch (Throwable e) {
            throw TorchException.of("layerNorm", e);
        }
    }

    static void attachGrad(long tensor, boolean requires) {
        try {
            ATTACH_GRAD.invokeExact(tensor, requires);
        } catch (Throwable e) {
            throw TorchException.of("attachGrad", e);
        }
    }

    static long grad(long tensor) {
        try {
            return (long) GRAD.invokeExact(tensor);
        } catch (Throwable e) {
            throw TorchException.of("grad", e);
        }
    }

    static long runMethod(long module, String name, long[] arguments, boolean isTrain, boolean separateCudaStream) {
        try {
            return (long) RUN_METHOD.invokeExact(module, name, arguments, isTrain, separateCudaStream);
        } catch (Throwable e) {
            throw TorchException.of("runMethod", e);
        }
    }

    static void setGraphExecutorOptimize(boolean optimize) {
        try {
            OPTIMIZE.invokeExact(optimize);
        } catch (Throwable e) {
            throw TorchException.of("setGraphExecutorOptimize", e);
        }
    }

    static void deleteIValue(long value) {
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
