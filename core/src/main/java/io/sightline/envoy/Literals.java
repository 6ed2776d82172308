package io.sightline.envoy;

import io.sightline.engine.Ellipsis;
import io.sightline.engine.Slice;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes Java values as a graph's values: tensors are copied, proxies become references. */
public final class Literals {
    private final Function<Proxy, Value> references;

    /** @param references what stands for a proxy among the values */
    Literals(Function<Proxy, Value> references) {
        this.references = references;
    }

    /**
     * A value without proxies.
     *
     * @throws IllegalArgumentException if {@code value} has no form in a graph
     */
    public static Value of(@Nullable Object value) {
        return new Literals(proxy -> {
                    throw new IllegalArgumentException(
                            "a proxy can't stand here; give its value() after the trace ran");
                })
                .write(value);
    }

    Value write(@Nullable Object value) {
        if (value instanceof Proxy proxy) {
            return references.apply(proxy);
        } else if (value instanceof Number
                || value instanceof Boolean
                || value instanceof CharSequence
                || value == null) {
            return scalar(value);
        } else if (value instanceof Ellipsis) {
            return Value.Constant.ELLIPSIS;
        } else if (value instanceof Tensor tensor) {
            return tensor(tensor);
        } else if (value instanceof Slice slice) {
            return new Value.SliceValue(write(slice.start()), write(slice.stop()), write(slice.step()));
        } else if (value instanceof Tuple tuple) {
            return new Value.TupleValue(all(tuple));
        } else if (value instanceof Collection<?> items) {
            return new Value.ListValue(all(items));
        } else if (value instanceof Map<?, ?> entries) {
            return dict(entries);
        } else if (value instanceof Value already) {
            return already;
        }
        return array(value);
    }

    private static Value scalar(@Nullable Object value) {
        if (value == null) {
            return Value.Constant.NONE;
        } else if (value instanceof Boolean bool) {
            return Value.Constant.of(bool);
        } else if (value instanceof Double || value instanceof Float) {
            return new Value.FloatValue(((Number) value).doubleValue());
        } else if (value instanceof Number number) {
            return new Value.IntValue(number.longValue());
        }
        return new Value.StringValue(value.toString());
    }

    private List<Value> all(Collection<? extends @Nullable Object> items) {
        List<Value> values = new ArrayList<>(items.size());
        for (Object item : items) {
            values.add(write(item));
        }
        return values;
    }

    private Value dict(Map<?, ?> entries) {
        Map<String, Value> written = new LinkedHashMap<>();
        entries.forEach((key, value) -> {
            if (!(key instanceof String name)) {
                throw new IllegalArgumentException("a dict in a graph has strings as keys, not " + key);
            }
            written.put(name, write(value));
        });
        return new Value.DictValue(written);
    }

    private Value array(Object value) {
        if (value instanceof long[] longs) {
            return write(Arrays.stream(longs).boxed().toList());
        } else if (value instanceof int[] ints) {
            return write(Arrays.stream(ints).boxed().toList());
        } else if (value instanceof double[] doubles) {
            return write(Arrays.stream(doubles).boxed().toList());
        } else if (value instanceof Object[] objects) {
            return write(Arrays.asList(objects));
        }
        throw new IllegalArgumentException(
                "a graph holds no " + value.getClass().getName()
                        + "; it holds numbers, booleans, strings, null, tensors, proxies, slices, tuples, lists and maps");
    }

    private static Value tensor(Tensor tensor) {
        List<Long> shape = Arrays.stream(tensor.shape()).boxed().collect(Collectors.toList());
        return switch (tensor.dtype()) {
            case COMPLEX64, COMPLEX128 ->
                throw new IllegalArgumentException("a graph holds no complex tensors; give real and imaginary parts");
            case FLOAT16, FLOAT32, FLOAT64, BFLOAT16 ->
                new Value.TensorValue(tensor.dtype().shortName(), shape, new long[0], tensor.toDoubleArray());
            default -> new Value.TensorValue(tensor.dtype().shortName(), shape, tensor.toLongArray(), new double[0]);
        };
    }
}
