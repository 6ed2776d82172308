package io.sightline.interleave.function;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Tensor;
import io.sightline.python.Python;
import io.sightline.python.PythonNumbers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code torch.tensor}: nested lists of numbers to a tensor of the dtype that Python infers. */
final class Creation {
    private final List<Long> shape = new ArrayList<>();
    private final List<Object> elements = new ArrayList<>();
    private boolean complete;

    private Creation() {}

    /**
     * A tensor on the CPU with the data's values.
     *
     * @param dtype null to infer it: bool for bools, int64 for ints, float32 where there is a float
     * @throws IllegalArgumentException if the lists are ragged or hold something else
     */
    static Tensor tensor(@Nullable Object data, @Nullable DType dtype) {
        if (data instanceof Tensor tensor) {
            Tensor copy = tensor.detach().copy();
            return dtype == null ? copy : copy.to(dtype);
        }
        Creation creation = new Creation();
        creation.collect(data, 0);
        return creation.build(dtype);
    }

    private void collect(@Nullable Object data, int depth) {
        if (data instanceof List<?> items) {
            checkSize(depth, items.size());
            items.forEach(item -> collect(item, depth + 1));
        } else if (data instanceof Tensor tensor) {
            collectTensor(tensor, depth);
        } else if (data != null && PythonNumbers.isNumber(data)) {
            checkDepth(depth);
            elements.add(data);
        } else {
            throw new IllegalArgumentException(
                    "a tensor is made of numbers and lists of them, not of '" + Python.typeName(data) + "'");
        }
    }

    private void collectTensor(Tensor tensor, int depth) {
        if (tensor.dimensions() != 0) {
            throw new IllegalArgumentException(
                    "only tensors of one element can be turned into numbers; use stack for a list of tensors");
        }
        checkDepth(depth);
        elements.add(tensor.item());
    }

    private void checkSize(int depth, long size) {
        if (depth == shape.size() && !complete) {
            shape.add(size);
            complete = size == 0;
        } else if (depth >= shape.size() || shape.get(depth) != size) {
            throw new IllegalArgumentException("the lists of a tensor have to be of equal lengths at each depth");
        }
    }

    private void checkDepth(int depth) {
        complete = true;
        if (depth != shape.size()) {
            throw new IllegalArgumentException("the lists of a tensor have to be of equal lengths at each depth");
        }
    }

    private Tensor build(@Nullable DType wanted) {
        long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
        DType dtype = wanted == null ? inferred() : wanted;
        if (dtype.isFloatingPoint()) {
            return Tensor.of(
                            elements.stream()
                                    .mapToDouble(PythonNumbers::asDouble)
                                    .toArray(),
                            sizes)
                    .to(dtype);
        }
        long[] values = elements.stream()
                .mapToLong(e -> e instanceof Double number
                        ? (dtype == DType.BOOL ? (number != 0 ? 1 : 0) : (long) (double) number)
                        : PythonNumbers.asLong(e))
                .toArray();
        return Tensor.of(values, sizes).to(dtype);
    }

    private DType inferred() {
        if (elements.isEmpty() || elements.stream().anyMatch(e -> e instanceof Double)) {
            return DType.FLOAT32;
        }
        return elements.stream().allMatch(e -> e instanceof Boolean) ? DType.BOOL : DType.INT64;
    }

    /** {@code torch.tensor(data, dtype=None, device=None, requires_grad=False)}, also as {@code as_tensor}. */
    static @Nullable Object call(CallArguments arguments) {
        var bound = Signature.of("data, dtype=None, device=None, requires_grad=False, pin_memory=False")
                .bind(arguments);
        Tensor tensor = tensor(bound.get("data"), (DType) bound.get("dtype"));
        Tensor placed = bound.get("device") == null ? tensor : tensor.to(Devices.of(bound.get("device")));
        if (Python.truth(bound.get("requires_grad"))) {
            placed.requiresGrad(true);
            arguments.host().gather(placed);
        }
        return placed;
    }

    /** {@code torch.full}, which takes its dtype from the value. */
    static @Nullable Object full(CallArguments arguments) {
        Object value = arguments.keywords().containsKey("fill_value")
                ? arguments.keywords().get("fill_value")
                : arguments.at(1);
        boolean bool = value instanceof Boolean && !arguments.keywords().containsKey("dtype");
        return TorchCall.call("full", bool ? arguments.with("dtype", DType.BOOL) : arguments);
    }

    /** Devices as Python names them. */
    static final class Devices {
        private Devices() {}

        static Device of(@Nullable Object value) {
            if (value instanceof Device device) {
                return device;
            } else if (value instanceof String spelling) {
                return Device.parse(spelling);
            }
            throw new IllegalArgumentException("no device: " + Python.typeName(value));
        }
    }
}
