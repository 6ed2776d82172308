package io.sightline.interleave.function;

import io.sightline.engine.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a call as numbers that its result's size depends on. What has not the kind that it should have counts as not given: torch
 * itself refuses it.
 */
record SizedCall(List<@Nullable Object> positional, Map<String, @Nullable Object> keywords) {
    boolean gives(int position, String name) {
        return argument(position, name) != null;
    }

    @Nullable
    Object argument(int position, String name) {
        return position < positional.size() ? positional.get(position) : keywords.get(name);
    }

    /** The tensor that the function is applied to, or null. */
    @Nullable
    Tensor self() {
        return argument(0, "self") instanceof Tensor tensor ? tensor : null;
    }

    /** How many elements {@link #self()} has. */
    double selfElements() {
        Tensor self = self();
        return self == null ? 1 : self.elements();
    }

    /** How many vectors, along the last dimension, {@link #self()} has. */
    double selfRows() {
        Tensor self = self();
        return self == null || self.dimensions() == 0 ? 1 : (double) self.elements() / Math.max(1, self.size(-1));
    }

    double number(int position, String name, double otherwise) {
        return number(argument(position, name), otherwise);
    }

    /** The product of a list of sizes, anywhere among the positional arguments, or else of the keyword. */
    double sizes(String name) {
        for (Object argument : positional) {
            if (argument instanceof List<?>) {
                return product(argument);
            }
        }
        return product(keywords.get(name));
    }

    /** The product of sizes; a 0 counts as 1, since a sum over an empty dimension makes all that the others say. */
    double product(int position, String name) {
        return product(argument(position, name));
    }

    private static double product(@Nullable Object sizes) {
        if (!(sizes instanceof List<?> list)) {
            return Math.max(1, number(sizes, 1));
        }
        double product = 1;
        for (Object size : list) {
            product *= Math.max(1, number(size, 1));
        }
        return product;
    }

    /** A number, or a tensor's only one; a tensor without data has none. */
    static double number(@Nullable Object value, double otherwise) {
        if (value instanceof Tensor tensor) {
            return tensor.elements() == 1 && !tensor.isMeta() ? number(tensor.item(), otherwise) : otherwise;
        }
        return value instanceof Number found ? found.doubleValue() : otherwise;
    }
}
