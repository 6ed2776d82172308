package io.sightline.graph;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a node's argument may be: a Python literal, a tensor written out, or a reference to another node. */
public sealed interface Value extends Serializable {
    <R> R accept(ValueVisitor<R> visitor);

    /** The result of the node with this name. */
    record NodeReference(String name) implements Value {
        @Override
        public <R> R accept(ValueVisitor<R> visitor) {
            return visitor.reference(this);
        }
    }

    /** Python's None, True, False, {@code ...}. */
    enum Constant implements Value {
        NONE,
        TRUE,
        FALSE,
        ELLIPSIS;

        public static Constant of(boolean value) {
            return value ? TRUE : FALSE;
        }

        @Override
        public <R> R accept(ValueVisitor<R> visitor) {
            return visitor.constant(this);
        }
    }

    record IntValue(long value) implements Value {
        @Override
        public <R> R accept(ValueVisitor<R> visitor) {
            return visitor.integer(this);
        }
    }

    record FloatValue(double value) implements Value {
        @Override
        public <R> R accept(ValueVisitor<R> visitor) {
            return visitor.floating(this);
        }
    }

    record StringValue(String value) implements Value {
        @Override
        public <R> R accept(ValueVisitor<R> visitor) {
            return visitor.string(this);
        }
    }

    /** A Python slice; each part is None, an int, or a reference. */
    record SliceValue(Value start, Value stop, Value step) implements Value {
        @Override
        public <R> R accept(ValueVisitor<R> visitor) {
            return visitor.slice(this);
        }
    }

    record ListValue(List<Value> items) implements Value {
        public ListValue {
            items = List.copyOf(items);
        }

        @Override
        public <R> R accept(ValueVisitor<R> visitor) {
            return visitor.list(this);
        }
    }

    record TupleValue(List<Value> items) implements Value {
        public TupleValue {
            items = List.copyOf(items);
        }

        @Override
        public <R> R accept(ValueVisitor<R> visitor) {
            return visitor.tuple(this);
        }
    }

    /** A dict with string keys, in order. */
    record DictValue(Map<String, Value> entries) implements Value {
        public DictValue {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        @Override
        public <R> R accept(ValueVisitor<R> visitor) {
            return visitor.dict(this);
        }
    }

    /** A function passed as an argument, by its name on the wire. */
    record FunctionValue(String functionName) implements Value {
        @Override
        public <R> R accept(ValueVisitor<R> visitor) {
            return visitor.function(this);
        }
    }

    /**
     * A tensor written out.
     *
     * @param dtype torch's short name, {@code float32}
     * @param shape empty for a scalar
     * @param integers the elements in row-major order where the dtype is integral or bool (0 and 1); else empty
     * @param floats the elements in row-major order where the dtype is floating; else empty
     */
    record TensorValue(String dtype, List<Long> shape, long[] integers, double[] floats) implements Value {
        public TensorValue {
            shape = List.copyOf(shape);
            integers = integers.clone();
            floats = floats.clone();
        }

        /** Whether the elements are in {@link #floats()}. */
        public boolean isFloating() {
            return dtype.contains("float");
        }

        double floatAt(int index) {
            return floats[index];
        }

        long integerAt(int index) {
            return integers[index];
        }

        @Override
        public long[] integers() {
            return integers.clone();
        }

        @Override
        public double[] floats() {
            return floats.clone();
        }

        @Override
        public <R> R accept(ValueVisitor<R> visitor) {
            return visitor.tensor(this);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof TensorValue tensor
                    && dtype.equals(tensor.dtype)
                    && shape.equals(tensor.shape)
                    && Arrays.equals(integers, tensor.integers)
                    && Arrays.equals(floats, tensor.floats);
        }

        @Override
        public int hashCode() {
            return Objects.hash(dtype, shape, Arrays.hashCode(integers), Arrays.hashCode(floats));
        }

        @Override
        public String toString() {
            return "tensor(" + shape + ", " + dtype + ")";
        }
    }

    /** All references inside a value, in order. */
    static List<NodeReference> references(Value value) {
        List<NodeReference> found = new ArrayList<>();
        collect(value, found);
        return found;
    }

    private static void collect(Value value, List<NodeReference> found) {
        if (value instanceof NodeReference reference) {
            found.add(reference);
        } else if (value instanceof ListValue list) {
            list.items().forEach(item -> collect(item, found));
        } else if (value instanceof TupleValue tuple) {
            tuple.items().forEach(item -> collect(item, found));
        } else if (value instanceof DictValue dict) {
            dict.entries().values().forEach(item -> collect(item, found));
        } else if (value instanceof SliceValue slice) {
            collect(slice.start(), found);
            collect(slice.stop(), found);
            collect(slice.step(), found);
        }
    }
}
