package io.sightline.interleave.function;

import io.sightline.engine.DType;
import io.sightline.engine.Tensor;
import io.sightline.python.Size;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The attributes of tensors that a graph may read. */
final class TensorAttributes {
    private interface Read {
        @Nullable
        Object of(Tensor tensor);
    }

    static final Map<String, Read> TABLE = Map.ofEntries(
            Map.entry("shape", x -> new Size(x.shape())),
            Map.entry("dtype", Tensor::dtype),
            Map.entry("device", Tensor::device),
            Map.entry("ndim", x -> (long) x.dimensions()),
            Map.entry("T", x -> TorchCall.call("numpy_T", x)),
            Map.entry("mT", x -> TorchCall.call("mT", x)),
            Map.entry("H", x -> TorchCall.call("matrix_H", x)),
            Map.entry("mH", x -> TorchCall.call("mH", x)),
            Map.entry("data", Tensor::detach),
            Map.entry("requires_grad", Tensor::requiresGrad),
            Map.entry("is_leaf", x -> TorchCall.call("is_leaf", x)),
            Map.entry("real", x -> TorchCall.call("real", x)),
            Map.entry("imag", x -> TorchCall.call("imag", x)),
            Map.entry("is_cuda", x -> x.device().type().equals("cuda")),
            Map.entry("is_cpu", x -> x.device().isCpu()),
            Map.entry("is_meta", x -> x.device().isMeta()),
            Map.entry("is_sparse", x -> false),
            Map.entry("is_quantized", x -> false),
            Map.entry("itemsize", x -> (long) x.dtype().bytes()),
            Map.entry("nbytes", x -> x.elements() * x.dtype().bytes()));

    private TensorAttributes() {}

    static @Nullable Object get(Tensor tensor, String name) {
        return Objects.requireNonNull(TABLE.get(name)).of(tensor);
    }

    static boolean isIntegral(DType dtype) {
        return !dtype.isFloatingPoint() && dtype != DType.COMPLEX64 && dtype != DType.COMPLEX128;
    }
}
