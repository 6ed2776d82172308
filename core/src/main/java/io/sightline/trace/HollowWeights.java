package io.sightline.trace;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.TorchFunction;
import io.sightline.nn.Module;
import io.sightline.nn.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Weights of the right shapes for a scan, all of them views of a single zero, so that they take no memory. libtorch's meta device would do
 * without computing as well, but has no kernel for many operations: torch writes those in Python.
 */
final class HollowWeights implements AutoCloseable {
    private final List<Tensor> owned = new ArrayList<>();

    private HollowWeights() {}

    /** Gives every parameter of {@code module} such a weight, on the CPU. */
    static HollowWeights in(Module module, DType dtype) {
        HollowWeights weights = new HollowWeights();
        try (Scope scope = Scope.open()) {
            Tensor zero = Tensor.zeros(dtype, Device.CPU, 1);
            for (Parameter parameter : module.namedParameters().values()) {
                Object view = TorchFunction.call("broadcast_to", List.of(zero, boxed(parameter.shape())), Map.of());
                if (view instanceof Tensor weight) {
                    weights.owned.add(weight.release());
                    parameter.bind(weight);
                }
            }
        }
        return weights;
    }

    private static List<Long> boxed(long[] shape) {
        List<Long> sizes = new ArrayList<>();
        for (long size : shape) {
            sizes.add(size);
        }
        return sizes;
    }

    @Override
    public void close() {
        owned.forEach(Tensor::close);
    }
}
