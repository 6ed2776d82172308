package io.sightline.family.parts;

import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes submodules' outputs apart. Hooks may have replaced an output, so its structure is checked here and a wrong one is named, rather
 * than failing somewhere later.
 */
public final class Outputs {
    private Outputs() {}

    /** {@code output} as a tensor. */
    public static Tensor tensor(@Nullable Object output) {
        if (output instanceof Tensor tensor) {
            return tensor;
        }
        throw wrong("a tensor", output);
    }

    /** {@code output} as a tuple. */
    public static Tuple tuple(@Nullable Object output) {
        if (output instanceof Tuple tuple) {
            return tuple;
        }
        throw wrong("a tuple", output);
    }

    /** The tensor at {@code index} of a tuple. */
    public static Tensor tensor(@Nullable Object output, int index) {
        Tuple tuple = tuple(output);
        if (index < tuple.size()) {
            return tensor(tuple.get(index));
        }
        throw wrong("a tuple of more than " + index + " items", output);
    }

    /** The first tensor: the output itself, or the first value of a tuple or of a {@code ModelOutput}. */
    public static Tensor first(@Nullable Object output) {
        if (output instanceof Tuple tuple && !tuple.isEmpty()) {
            return tensor(tuple.get(0));
        } else if (output instanceof Map<?, ?> map && !map.isEmpty()) {
            return tensor(map.values().iterator().next());
        }
        return tensor(output);
    }

    private static IllegalStateException wrong(String expected, @Nullable Object output) {
        return new IllegalStateException("a module's output should be " + expected + " here, but is " + output
                + "; was it replaced by something of another structure?");
    }
}
