package io.sightline.trace;

import io.sightline.engine.Device;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.TorchFunction;
import io.sightline.family.LoadOptions;
import io.sightline.family.PretrainedModel;
import io.sightline.nn.Module;
import io.sightline.nn.Parameter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Weights of the right shapes for a scan, all of them views of a single zero, so that they take no memory. libtorch's meta device would do
 * without computing as well, but has no kernel for many operations: torch writes those in Python.
 */
final class ZeroWeights implements AutoCloseable {
    private final PretrainedModel shapes;
    private final List<Tensor> owned = new ArrayList<>();

    private ZeroWeights(PretrainedModel shapes) {
        this.shapes = shapes;
    }

    /** A checkpoint's model, every parameter such a weight, on the CPU. */
    static ZeroWeights of(Path directory, LoadOptions options) {
        ZeroWeights weights = new ZeroWeights(PretrainedModel.shapesOnly(directory, options));
        try (Scope scope = Scope.open()) {
            Tensor zero = Tensor.zeros(weights.shapes.dtype(), Device.CPU, 1);
            for (Parameter parameter : weights.module().namedParameters().values()) {
                Object view = TorchFunction.call("broadcast_to", List.of(zero, boxed(parameter.shape())), Map.of());
                if (view instanceof Tensor weight) {
                    weights.owned.add(weight.release());
                    parameter.bind(weight);
                }
            }
        }
        return weights;
    }

    Module module() {
        return shapes.module();
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
        shapes.close();
    }
}
