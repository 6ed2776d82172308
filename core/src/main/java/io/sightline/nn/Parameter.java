package io.sightline.nn;

import io.sightline.engine.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A weight of a module: its shape is known when the module is built, its tensor when a checkpoint is loaded (or, on the meta device, when
 * only shapes are wanted). The model that holds the module owns the tensor and closes it.
 */
public final class Parameter {
    private final long[] shape;
    private @Nullable Tensor tensor;

    Parameter(long[] shape) {
        this.shape = shape.clone();
    }

    public long[] shape() {
        return shape.clone();
    }

    public boolean isBound() {
        return tensor != null;
    }

    /**
     * The weight.
     *
     * @throws IllegalStateException if none was loaded yet
     */
    public Tensor tensor() {
        if (tensor == null) {
            throw new IllegalStateException("a weight of shape " + Arrays.toString(shape)
                    + " is used before it was loaded; load a checkpoint into the model first");
        }
        return tensor;
    }

    /**
     * Takes {@code value}, which must outlive the module, as the weight.
     *
     * @throws IllegalArgumentException if its shape is another
     */
    public void bind(Tensor value) {
        if (!Arrays.equals(value.shape(), shape)) {
            throw new IllegalArgumentException("a weight of shape " + Arrays.toString(shape)
                    + " was given a tensor of shape " + Arrays.toString(value.shape()));
        }
        tensor = value;
    }
}
