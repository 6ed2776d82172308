package io.sightline.interleave.function;

import io.sightline.engine.DType;
import io.sightline.engine.Ellipsis;
import io.sightline.engine.Slice;
import io.sightline.engine.Tensor;
import io.sightline.engine.TorchException;
import io.sightline.engine.TorchFunction;
import io.sightline.engine.Tuple;
import io.sightline.python.Python;
import io.sightline.python.PythonList;
import io.sightline.python.PythonNumbers;
import io.sightline.python.SizeMismatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Indexing of tensors with torch's rules (torch/csrc/autograd/python_variable_indexing.cpp): ints, slices, None and {@code ...} give views;
 * tensors and lists gather.
 */
final class TensorIndex {
    private final Tuple index;
    private final boolean gathers;

    /** @param raw as Python has it between the brackets */
    TensorIndex(@Nullable Object raw) {
        List<@Nullable Object> parts = new ArrayList<>();
        for (Object part : raw instanceof List<?> many && isTuple(raw) ? many : Collections.singletonList(raw)) {
            parts.add(normal(part));
        }
        gathers = parts.stream().anyMatch(part -> part instanceof Tensor);
        // A lone "..." is not an index in TorchScript, which an empty tuple is.
        index = Tuple.copyOf(parts.equals(List.of(Ellipsis.ELLIPSIS)) ? List.of() : parts);
    }

    /** Lists of lists or slices count as tuples, as torch has it from NumPy; lists of numbers do not. */
    private static boolean isTuple(@Nullable Object raw) {
        if (raw instanceof PythonList list) {
            return list.size() < 32
                    && list.stream()
                            .anyMatch(part -> part == null
                                    || part instanceof List
                                    || part instanceof Slice
                                    || part instanceof Ellipsis
                                    || part instanceof Tensor tensor && tensor.dimensions() > 0);
        }
        return raw instanceof List;
    }

    /** A 0-dimensional tensor of an integral dtype counts as the int that it holds. */
    private static @Nullable Object normal(@Nullable Object part) {
        if (part instanceof Tensor tensor) {
            DType dtype = tensor.dtype();
            boolean number = tensor.dimensions() == 0 && dtype != DType.BOOL && !dtype.isFloatingPoint();
            return number ? tensor.item() : part;
        } else if (part instanceof List<?> list) {
            return Creation.tensor(list, list.isEmpty() ? DType.INT64 : null);
        } else if (part instanceof Slice slice) {
            return new Slice(bound(slice.start()), bound(slice.stop()), bound(slice.step()));
        } else if (part instanceof Boolean bool) {
            // True adds a dimension of 1, False one of 0.
            return Tensor.of(new boolean[] {bool});
        } else if (part == null || part instanceof Long || part instanceof Ellipsis) {
            return part;
        }
        throw new IllegalArgumentException("a tensor is indexed by ints, slices, ..., None, tensors and lists, not by '"
                + Python.typeName(part) + "'");
    }

    private static @Nullable Object bound(@Nullable Object bound) {
        Object value = bound instanceof Tensor tensor ? tensor.item() : bound;
        return value == null ? null : (Object) PythonNumbers.asLong(value);
    }

    @Nullable
    Object get(Tensor x) {
        if (index.isEmpty()) {
            return TorchCall.call("alias", x);
        } else if (index.size() == 1 && index.get(0) instanceof Tensor mask && mask.dimensions() == 0) {
            return x.unsqueeze(0)
                    .indexSelect(0, TorchCall.tensor("nonzero", mask.reshape(1)).reshape(-1));
        }
        try {
            return TorchFunction.getItem(x, index);
        } catch (TorchException e) {
            throw isBeyond(x) ? new SizeMismatch(e.getMessage(), e) : e;
        }
    }

    /** Whether there are more indices than dimensions, or an int is beyond its dimension; where a tensor picks, only its run knows. */
    private boolean isBeyond(Tensor x) {
        int dimension = 0;
        for (Object part : index) {
            if (part instanceof Tensor || part instanceof Ellipsis) {
                return false;
            } else if (part != null) {
                if (dimension == x.dimensions()
                        || part instanceof Long number && ShapeRules.isOutside(number, x.size(dimension))) {
                    return true;
                }
                dimension++;
            }
        }
        return false;
    }

    void set(Tensor x, @Nullable Object value) {
        if (gathers) {
            TorchFunction.setItem(x, index, fitted(x, value));
            return;
        }
        if (!(get(x) instanceof Tensor view)) {
            throw new IllegalArgumentException("nothing to set at this index");
        }
        if (value instanceof Tensor source) {
            Tensor fitting = withoutLeadingOnes(source.to(x.device()), view.dimensions());
            if (!ShapeRules.canExpand(fitting.shape(), view.shape())) {
                throw new SizeMismatch("a tensor of shape " + Arrays.toString(source.shape())
                        + " can't be set where there is one of shape " + Arrays.toString(view.shape()));
            }
            view.copyFrom(fitting);
        } else {
            TorchCall.call("fill_", view, number(value));
        }
    }

    /** A source may have more leading dimensions of size 1 than its target. */
    private static Tensor withoutLeadingOnes(Tensor source, int dimensions) {
        Tensor result = source;
        while (result.dimensions() > dimensions && result.size(0) == 1) {
            result = TorchCall.tensor("squeeze", result, 0L);
        }
        return result;
    }

    private static Tensor fitted(Tensor x, @Nullable Object value) {
        if (value instanceof Tensor source) {
            return source.to(x.device()).to(x.dtype());
        }
        Object number = number(value);
        return Tensor.full(PythonNumbers.asDouble(number), x.dtype(), x.device());
    }

    private static Object number(@Nullable Object value) {
        if (value != null && PythonNumbers.isNumber(value)) {
            return value instanceof Boolean bool ? (Object) (bool ? 1L : 0L) : value;
        }
        throw new IllegalArgumentException(
                "can't assign a '" + Python.typeName(value) + "' to a tensor; expected a tensor or a number");
    }
}
