package io.sightline.interleave;

import io.sightline.engine.DType;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.interleave.function.BoundMethod;
import io.sightline.interleave.function.Optimizer;
import io.sightline.nn.ModelOutput;
import io.sightline.python.NamedTuple;
import io.sightline.python.PythonDict;
import io.sightline.python.PythonList;
import io.sightline.python.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Values as trees of tuples, lists and dicts with tensors at the leaves (torch's pytrees). */
final class Tree {
    private Tree() {}

    /** What {@code value} holds directly. */
    static Collection<? extends @Nullable Object> children(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.values();
        } else if (value instanceof List<?> list) {
            return list;
        } else if (value instanceof Set<?> set) {
            return set;
        } else if (value instanceof BoundMethod method) {
            return Collections.singletonList(method.receiver());
        } else if (value instanceof Optimizer optimizer) {
            return optimizer.parameters();
        }
        return List.of();
    }

    /** Whether others may hold this very object and see its changes. */
    static boolean isShared(@Nullable Object value) {
        return value instanceof Tensor
                || value instanceof PythonList
                || value instanceof Map
                || value instanceof Set
                || value instanceof Optimizer;
    }

    static void forEachTensor(@Nullable Object value, Consumer<Tensor> action) {
        if (value instanceof Tensor tensor) {
            action.accept(tensor);
        } else {
            children(value).forEach(child -> forEachTensor(child, action));
        }
    }

    /** A tree of the same form with other tensors; {@code value} itself where none changes. */
    static @Nullable Object map(@Nullable Object value, UnaryOperator<Tensor> change) {
        if (value instanceof Tensor tensor) {
            return change.apply(tensor);
        } else if (value instanceof ModelOutput output) {
            ModelOutput copy = new ModelOutput(output.className());
            output.forEach((key, item) -> copy.put(key, map(item, change)));
            return copy;
        } else if (value instanceof Map<?, ?> map) {
            PythonDict copy = new PythonDict();
            map.forEach((key, item) -> copy.put(key, map(item, change)));
            return copy;
        } else if (value instanceof PythonList list) {
            return new PythonList(mapped(list, change));
        } else if (value instanceof NamedTuple named) {
            return new NamedTuple(named.names(), Tuple.copyOf(mapped(named, change)));
        } else if (value instanceof Tuple || (value instanceof List && !(value instanceof Size))) {
            return Tuple.copyOf(mapped((List<?>) value, change));
        }
        return value;
    }

    private static List<@Nullable Object> mapped(List<?> items, UnaryOperator<Tensor> change) {
        List<@Nullable Object> mapped = new ArrayList<>(items.size());
        items.forEach(item -> mapped.add(map(item, change)));
        return mapped;
    }

    /** Whether two trees have the same form and the very same leaves. */
    static boolean isSame(@Nullable Object a, @Nullable Object b) {
        if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            return x.keySet().equals(y.keySet()) && x.keySet().stream().allMatch(key -> isSame(x.get(key), y.get(key)));
        } else if (a instanceof List<?> x && b instanceof List<?> y) {
            return x.size() == y.size() && IntStream.range(0, x.size()).allMatch(i -> isSame(x.get(i), y.get(i)));
        }
        return a == b;
    }

    /** Whether a change of {@code part} shows in {@code whole}: a container that it holds, or a tensor in the memory of one of its tensors. */
    static boolean isPartOf(@Nullable Object part, @Nullable Object whole) {
        if (part instanceof Tensor tensor && whole instanceof Tensor other) {
            return tensor.sharesMemoryWith(other);
        }
        return part != null && part == whole || children(whole).stream().anyMatch(child -> isPartOf(part, child));
    }

    /** The shapes of the tensors in the tree, in order. */
    static List<List<Long>> shapes(@Nullable Object value) {
        List<List<Long>> shapes = new ArrayList<>();
        forEachTensor(
                value,
                tensor -> shapes.add(Arrays.stream(tensor.shape()).boxed().toList()));
        return shapes;
    }

    /** The dtypes of the tensors in the tree, in order. */
    static List<DType> dtypes(@Nullable Object value) {
        List<DType> dtypes = new ArrayList<>();
        forEachTensor(value, tensor -> dtypes.add(tensor.dtype()));
        return dtypes;
    }

    /** The first tensor in the tree, or null. */
    static @Nullable Tensor first(@Nullable Object value) {
        if (value instanceof Tensor tensor) {
            return tensor;
        }
        for (Object child : children(value)) {
            Tensor found = first(child);
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
