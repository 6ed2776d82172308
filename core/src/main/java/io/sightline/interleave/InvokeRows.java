package io.sightline.interleave;

import io.sightline.engine.Tensor;
import io.sightline.engine.Torch;
import io.sightline.engine.TorchFunction;
import io.sightline.engine.Tuple;
import io.sightline.graph.GraphException;
import io.sightline.graph.Place;
import io.sightline.graph.Port;
import io.sightline.nn.ModelOutput;
import io.sightline.nn.RoutedTokens;
import io.sightline.python.Python;
import io.sightline.python.PythonDict;
import io.sightline.python.PythonList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of the batch belong to which invoke: narrows activations to them and puts changed ones back.
 *
 * <p>A tensor is recognised by its first dimension: the batch's rows, or rows × tokens where a module flattens both (mixtures of
 * experts). Inside an expert it is the tokens that the router sent there, whose rows the mixture {@linkplain RoutedTokens says}. What has another
 * first dimension is the same for all rows, unless that cannot be told, which is an error.
 */
final class InvokeRows {
    private final int[] starts;
    private final int[] sizes;
    private final int rows;
    private final long width;
    private final List<Tensor> copies = new ArrayList<>();

    InvokeRows(PreparedBatch batch) {
        sizes = batch.rowsPerInvoke();
        starts = new int[sizes.length];
        int start = 0;
        for (int i = 0; i < sizes.length; i++) {
            starts[i] = start;
            start += sizes[i];
        }
        rows = start;
        width = batch.width();
    }

    int groups() {
        return sizes.length;
    }

    /** Whether a batch group means fewer rows than all of them; -1 means all. */
    boolean narrows(int group) {
        return group >= 0 && sizes.length > 1;
    }

    /** How many consecutive entries of the first dimension one row has: 1, the batch's width, or 0 for a tensor without rows. */
    private long span(Tensor tensor) {
        long[] shape = tensor.shape();
        if (shape.length == 0 || rows == 0) {
            return 0;
        } else if (shape[0] == rows) {
            return 1;
        } else if (width > 1 && shape[0] == rows * width) {
            return width;
        }
        return 0;
    }

    /** Whether one can tell that a tensor is the same for all rows. */
    private boolean isCommon(Tensor tensor) {
        long[] shape = tensor.shape();
        return shape.length < 2 || shape[0] == 1 || (shape[0] == width && shape.length == 2 && shape[1] == width);
    }

    /** Where one invoke's tokens stand among those that {@code tensor} is of; null where it is not one of chosen tokens. */
    private @Nullable Tensor chosen(Tensor tensor, int group) {
        Tensor tokens = RoutedTokens.current().orElse(null);
        if (tokens == null || tensor.dimensions() == 0 || tensor.size(0) != tokens.elements()) {
            return null;
        }
        long first = starts[group] * width;
        long end = first + sizes[group] * width;
        long[] all = tokens.toLongArray();
        long[] mine = IntStream.range(0, all.length)
                .filter(i -> first <= all[i] && all[i] < end)
                .asLongStream()
                .toArray();
        return Tensor.of(mine, mine.length).to(tensor.device());
    }

    /**
     * The rows of one invoke: views, but for chosen tokens, which are copies until {@link #putBack}.
     *
     * @param written whether nodes may write into them: what all rows have in common is then a copy, too, so that no other invoke sees it
     */
    @Nullable
    Object narrow(@Nullable Object value, int group, boolean written, Place place) {
        return Tree.map(value, tensor -> {
            Tensor chosen = chosen(tensor, group);
            if (chosen != null) {
                return tensor.indexSelect(0, chosen);
            }
            long span = span(tensor);
            if (span == 0 && !isCommon(tensor)) {
                throw new GraphException(place + " holds a tensor of shape " + Arrays.toString(tensor.shape())
                        + ", whose rows can't be told apart by invoke: the batch has " + rows + " rows of " + width
                        + " tokens; use one invoke for this place");
            }
            if (span == 0) {
                return written ? copied(tensor) : tensor.share();
            }
            return tensor.narrow(0, starts[group] * span, sizes[group] * span);
        });
    }

    /** The whole with one invoke's rows replaced by {@code part}: new tensors, as in nnsight. */
    @Nullable
    Object putBack(@Nullable Object whole, @Nullable Object part, int group, Place place) {
        if (whole instanceof Tensor tensor) {
            Tensor chosen = chosen(tensor, group);
            if (chosen != null) {
                return spread(tensor, part, chosen, group, place);
            }
            long span = span(tensor);
            return span == 0 ? common(tensor, part, group, place) : joined(tensor, part, group, span, place);
        } else if (whole instanceof Map<?, ?> map && part instanceof Map<?, ?> parts) {
            checkEntries(map.keySet(), parts.keySet(), group, place);
            PythonDict result = new PythonDict(map);
            map.forEach((key, value) -> result.put(key, putBack(value, parts.get(key), group, place)));
            return map instanceof ModelOutput output ? like(output, result) : result;
        } else if (whole instanceof List<?> items && part instanceof List<?> parts) {
            if (parts.size() != items.size()) {
                throw new GraphException(
                        "the value set at " + place + " has " + parts.size() + " items; the place has " + items.size());
            }
            @Nullable Object[] result = new Object[items.size()];
            for (int i = 0; i < result.length; i++) {
                result[i] = putBack(items.get(i), parts.get(i), group, place);
            }
            return whole instanceof PythonList ? new PythonList(Arrays.asList(result)) : Tuple.of(result);
        } else if (!Objects.equals(whole, part)) {
            throw new GraphException(
                    "the value set at " + place + " for invoke " + group + " has "
                            + Python.typeName(part) + " where the place has " + Python.typeName(whole)
                            + "; of several invokes each can only set its rows of tensors; use one invoke to set anything else");
        }
        return whole;
    }

    private static void checkEntries(Set<?> before, Set<?> now, int group, Place place) {
        if (!before.equals(now)) {
            throw new GraphException("the value set at " + place + " for invoke " + group + " has the entries " + now
                    + "; the place has " + before
                    + ", and no other invoke has others; use one invoke to add or remove one");
        }
    }

    /** A tensor that all rows have in common: from where one invoke has changed it, each row has its own. */
    private Tensor common(Tensor whole, @Nullable Object part, int group, Place place) {
        if (!(part instanceof Tensor mine)) {
            throw new GraphException("the value set at " + place + " for invoke " + group
                    + " has no tensor where the place " + "has one of shape " + Arrays.toString(whole.shape()));
        }
        boolean same = Torch.isSame(whole, mine) || whole.isMeta() || !whole.requiresGrad() && areEqual(whole, mine);
        if (same) {
            return whole;
        }
        if (place.port() == Port.INPUT && isCopy(mine)) {
            throw new GraphException("a tensor of shape " + Arrays.toString(whole.shape()) + " at " + place
                    + " is shared by all invokes and by other modules, so invoke " + group
                    + " can't write into it alone; set a changed clone() in its place, or use one invoke");
        }
        long[] shape = whole.shape();
        if (shape.length < 2 || shape[0] != 1 || mine.dimensions() != shape.length) {
            throw new GraphException("the value at " + place + " of shape " + Arrays.toString(shape)
                    + " is the same for all invokes, so it can't be set for invoke " + group
                    + " alone; use one invoke for this place");
        }
        int after = rows - starts[group] - sizes[group];
        return Tensor.cat(
                List.of(repeated(whole, starts[group]), repeated(mine, sizes[group]), repeated(whole, after)), 0);
    }

    /** Whether the rows are the whole's own: it goes on as it is, and who else holds it sees what was written. Gradients need a way through. */
    private static boolean isInPlace(Tensor whole, Tensor rows, long start) {
        return !whole.isMeta() && !whole.requiresGrad() && rows.isSameViewAs(whole.narrow(0, start, rows.size(0)));
    }

    private Tensor copied(Tensor common) {
        Tensor copy = common.copy();
        copies.add(copy.share());
        return copy;
    }

    /** Whether a tensor is one that {@link #narrow} gave in place of a common one. */
    private boolean isCopy(Tensor tensor) {
        copies.removeIf(Tensor::isClosed);
        return copies.stream().anyMatch(tensor::sharesMemoryWith);
    }

    private static boolean areEqual(Tensor a, Tensor b) {
        return Arrays.equals(a.shape(), b.shape())
                && a.dtype() == b.dtype()
                && Boolean.TRUE.equals(TorchFunction.call("equal", List.of(a, b), Map.of()));
    }

    /** {@code [1, …]} as {@code [count, …]}; what has these rows stays as it is. */
    private static Tensor repeated(Tensor row, int count) {
        long[] shape = row.shape();
        shape[0] = count;
        return (Tensor) Objects.requireNonNull(TorchFunction.call(
                "expand", List.of(row, Arrays.stream(shape).boxed().toList()), Map.of()));
    }

    private static ModelOutput like(ModelOutput output, Map<?, ?> values) {
        ModelOutput result = new ModelOutput(output.className());
        values.forEach((key, value) -> result.put((String) Objects.requireNonNull(key), value));
        return result;
    }

    private Tensor spread(Tensor whole, @Nullable Object part, Tensor chosen, int group, Place place) {
        Tensor rows = checkRows(part, chosen.elements(), group, place);
        return (Tensor) Objects.requireNonNull(
                TorchFunction.call("index_copy", List.of(whole, 0L, chosen, rows.to(whole.dtype())), Map.of()));
    }

    private Tensor checkRows(@Nullable Object part, long count, int group, Place place) {
        if (part instanceof Tensor rows && rows.dimensions() > 0 && rows.size(0) == count) {
            return rows;
        }
        throw new GraphException("the value set at " + place + " for invoke " + group + " has "
                + (part instanceof Tensor tensor ? "shape " + Arrays.toString(tensor.shape()) : "no tensor")
                + "; its first dimension has to be the invoke's " + count + " rows");
    }

    private Tensor joined(Tensor whole, @Nullable Object part, int group, long span, Place place) {
        Tensor rowsOfGroup = checkRows(part, sizes[group] * span, group, place);
        long before = starts[group] * span;
        long after = before + sizes[group] * span;
        if (isInPlace(whole, rowsOfGroup, before)) {
            return whole;
        }
        return Tensor.cat(
                List.of(whole.narrow(0, 0, before), rowsOfGroup, whole.narrow(0, after, whole.size(0) - after)), 0);
    }

    /** Refuses a value of another batch size in place of a batch's. */
    void checkRows(@Nullable Object before, @Nullable Object now, Place place) {
        Tensor old = Tree.first(before);
        Tensor replacement = Tree.first(now);
        if (old == null || replacement == null || old.dimensions() != replacement.dimensions() || span(old) == 0) {
            return;
        }
        if (old.size(0) != replacement.size(0)) {
            throw new GraphException("the value set at " + place + " has shape " + Arrays.toString(replacement.shape())
                    + "; its first dimension has to be the batch's " + old.size(0) + " rows");
        }
    }
}
