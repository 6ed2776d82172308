package io.sightline.job.probe.fit;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Kernel;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import org.jspecify.annotations.Nullable;

/** A block and, made when first asked for and kept until closed, its rows as a float32 tensor in the {@linkplain FitRows#base base} coordinates. */
public final class BaseRows implements AutoCloseable {
    private static final Kernel SCALED = Kernel.define(
            "base coordinates",
            "x: Tensor, mean: Tensor, scale: Tensor",
            "Tensor",
            "return torch.div_(torch.sub_(x, mean), scale)");

    private final RowBlock block;
    private final Affine base;
    private final Device device;

    @Nullable
    private Tensor tensor;

    public BaseRows(RowBlock block, Affine base, Device device) {
        this.block = block;
        this.base = base;
        this.device = device;
    }

    RowBlock block() {
        return block;
    }

    Affine base() {
        return base;
    }

    Device device() {
        return device;
    }

    /** All rows {@code [rows, width]}, float32; this object's own. */
    Tensor tensor() {
        if (tensor == null) {
            try (Scope scope = Scope.open()) {
                Tensor raw =
                        Tensor.of(block.values(), block.rows(), block.width()).to(device);
                tensor = scope.keep(SCALED.tensor(raw, row(base.mean()), row(base.scale())))
                        .release();
            }
        }
        return tensor;
    }

    private Tensor row(double[] values) {
        return Tensor.of(values, values.length).to(DType.FLOAT32).to(device);
    }

    @Override
    public void close() {
        if (tensor != null) {
            tensor.close();
            tensor = null;
        }
    }
}
