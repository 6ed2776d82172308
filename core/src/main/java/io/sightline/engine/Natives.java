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
 * in DJL's package would not. Handles are plain {@code long}s here; who owns them is {@link Tensor}'s affair. The values that go to kernels and
 * come from them are {@link ValueNatives}.
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

    /** c10's undefined tensor, as an argument that stands for "no bias". */
    static final long UNDEFINED = 0L;

    private Natives() {}

    /** @throws IllegalStateException if this DJL has no such native */
    static MethodHandle find(String name, Class<?> returns, Class<?>... parameters) {
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
}
