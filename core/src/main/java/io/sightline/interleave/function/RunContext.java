package io.sightline.interleave.function;

import io.sightline.engine.Tensor;
import org.jspecify.annotations.Nullable;

/** What functions need of the run they are called in. */
public interface RunContext {
    /** One line of {@code print}. */
    void print(String line);

    /** {@code tensor.backward(gradient)}. */
    void backward(Tensor tensor, @Nullable Tensor gradient);

    /** Marks a tensor that gradients are gathered for over backward passes: a Parameter. */
    void gather(Tensor parameter);

    /** The gradient gathered for a parameter so far; {@code null} for none. */
    @Nullable
    Tensor gathered(Tensor parameter);

    /** Forgets the gradient gathered for a parameter. */
    void forgetGathered(Tensor parameter);

    /** {@code item} was put into {@code container}, a list, dict or set. */
    void inserted(Object container, @Nullable Object item);

    /** {@code item} was taken out of {@code container}. */
    void removed(Object container, @Nullable Object item);
}
