package io.sightline.interleave;

import io.sightline.engine.Tensor;
import io.sightline.engine.TorchFunction;
import io.sightline.engine.Tuple;
import io.sightline.graph.GraphException;
import io.sightline.nn.RoutedTokens;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    /** The rows of one invoke: views, but for chosen tokens, which are copies until {@link #putBack}. */
    @Nullable
    Object narrow(@Nullable Object value, int group, String place) {
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
            return span == 0 ? tensor.share() : tensor.narrow(0, starts[group] * span, sizes[group] * span);
        });
    }

    /** The whole with one invoke's rows replaced by {@code part}: new tensors, as in nnsight. */
    @Nullable
    Object putBack(@Nullable Object whole, @Nullable Object part, int group, String place) {
        if (whole instanceof Tensor tensor) {
            Tensor chosen = chosen(tensor, group);
            if (chosen != null) {
                return spread(tensor, part, chosen, group, place);
            }
            long span = span(tensor);
            return span == 0 ? tensor : joined(tensor, part, group, span, place);
        } else if (whole instanceof Map<?, ?> map && part instanceof Map<?, ?> parts) {
            io.sightline.interleave.python.PythonDict result = new io.sightline.interleave.python.PythonDict(map);
            map.forEach((key, value) -> result.put(key, putBack(value, parts.get(key), group, place)));
            return map instanceof io.sightline.nn.ModelOutput output ? like(output, result) : result;
        } else if (whole instanceof List<?> items && part instanceof List<?> parts) {
            if (parts.size() < items.size()) {
                throw new GraphException(
                        "the value set at " + place + " has " + parts.size() + " items; the place has " + items.size());
            }
            @Nullable Object[] result = new Object[items.size()];
            for (int i = 0; i < result.length; i++) {
                result[i] = putBack(items.get(i), parts.get(i), group, place);
            }
            return Tuple.of(result);
        }
        return whole;
    }

    private static io.sightline.nn.ModelOutput like(io.sightline.nn.ModelOutput output, Map<?, ?> values) {
        io.sightline.nn.ModelOutput result = new io.sightline.nn.ModelOutput(output.className());
        values.forEach((key, value) -> result.put((String) java.util.Objects.requireNonNull(key), value));
        return result;
    }

    private Tensor spread(Tensor whole, @Nullable Object part, Tensor chosen, int group, String place) {
        Tensor rows = checkRows(part, chosen.elements(), group, place);
        return (Tensor) Objects.requireNonNull(
                TorchFunction.call("index_copy", List.of(whole, 0L, chosen, rows.to(whole.dtype())), Map.of()));
    }

    private Tensor checkRows(@Nullable Object part, long count, int group, String place) {
        if (part instanceof Tensor rows && rows.dimensions() > 0 && rows.size(0) == count) {
            return rows;
        }
        throw new GraphException("the value set at " + place + " for invoke " + group + " has "
                + (part instanceof Tensor tensor ? "shape " + Arrays.toString(tensor.shape()) : "no tensor")
                + "; its first dimension has to be the invoke's " + count + " rows");
    }

    private Tensor joined(Tensor whole, @Nullable Object part, int group, long span, String place) {
        Tensor rowsOfGroup = checkRows(part, sizes[group] * span, group, place);
        long before = starts[group] * span;
        long after = before + sizes[group] * span;
        return Tensor.cat(
                List.of(whole.narrow(0, 0, before), rowsOfGroup, whole.narrow(0, after, whole.size(0) - after)), 0);
    }

    /** Refuses a value of another batch size in place of a batch's. */
    void checkRows(@Nullable Object before, @Nullable Object now, String place) {
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
