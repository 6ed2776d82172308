package io.sightline.nn;

import io.sightline.engine.DType;
import io.sightline.engine.Tensor;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A weight of a module: its shape is known when the module is built, its tensor when a checkpoint is loaded (or, on the meta device, when
 * only shapes are wanted). The model that holds the module owns the tensor and closes it.
 */
public final class Parameter {
    private final long[] shape;
    private volatile @Nullable Tensor tensor;
    private volatile int bindings;
    private @Nullable Tensor bound;
    private @Nullable DType dtype;
    private @Nullable Supplier<Tensor> source;
    private @Nullable Tensor made;

    Parameter(long[] shape) {
        this.shape = shape.clone();
    }

    public long[] shape() {
        return shape.clone();
    }

    public boolean isBound() {
        return tensor != null || source != null;
    }

    /** Each weight once, also where several parameters were given the same tensor, as tied weights are. */
    public static List<Parameter> distinct(Collection<Parameter> parameters) {
        Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        return parameters.stream()
                .filter(parameter -> parameter.bound == null || seen.add(parameter.bound))
                .toList();
    }

    /**
     * What it is held in.
     *
     * @throws IllegalStateException if none was loaded yet
     */
    public DType dtype() {
        if (dtype == null) {
            throw notLoaded();
        }
        return dtype;
    }

    /** How many numbers it has. */
    public long elements() {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    /**
     * The weight.
     *
     * @throws IllegalStateException if none was loaded yet
     */
    public Tensor tensor() {
        Tensor current = tensor;
        return current != null ? current : make();
    }

    private synchronized Tensor make() {
        Tensor current = tensor;
        if (current != null) {
            return current;
        }
        if (source == null) {
            throw notLoaded();
        }
        made = source.get().releaseUncounted();
        tensor = made;
        return made;
    }

    private IllegalStateException notLoaded() {
        return new IllegalStateException("a weight of shape " + Arrays.toString(shape)
                + " is used before it was loaded; load a checkpoint into the model first");
    }

    /** How often it was given a tensor. */
    int bindings() {
        return bindings;
    }

    /** Closes the tensor; the next one to ask for it gets what {@code source} makes, which lives until {@link #free}. Not while it is used. */
    synchronized void replace(Supplier<Tensor> source) {
        Tensor current = tensor;
        this.source = source;
        tensor = null;
        if (current != null) {
            current.close();
        }
    }

    /** Frees the tensor that was made in place of a replaced one. */
    synchronized void free() {
        if (made != null) {
            made.close();
            made = null;
            tensor = null;
        }
        source = null;
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
        bindings++;
        bound = value;
        dtype = value.dtype();
        tensor = value;
    }
}
