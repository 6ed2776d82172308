package io.sightline.interleave.function;

import io.sightline.engine.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many elements the functions make, or show in a view, whose numbers decide it rather than the tensors that they get. */
final class ResultSizes {
    /** The elements of a call's result, or a few more. */
    interface Measure {
        double elements(SizedCall call);
    }

    /** By ATen's names, and {@link TorchCall}'s. */
    static final Map<String, Measure> TABLE = new HashMap<>();

    static {
        put(call -> call.sizes("size"), "zeros", "ones", "empty", "full", "rand", "randn", "randint", "normal");
        put(call -> call.sizes("size"), "new_zeros", "new_ones", "new_empty", "new_full", "affine_grid_generator");
        put(call -> call.sizes("size"), "as_strided", "as_strided_", "as_strided_copy");
        put(ResultSizes::expand, "expand", "expand_copy", "broadcast_to");
        put(call -> call.selfElements() * call.product(1, "repeats"), "repeat");
        put(call -> call.selfElements() * call.product(1, "dims"), "tile");
        put(ResultSizes::repeatInterleave, "repeat_interleave");
        put(ResultSizes::unfold, "unfold", "unfold_copy");
        put(ResultSizes::pad, "pad", "constant_pad_nd");
        put(call -> call.selfRows() * call.product(1, "output_size"), "adaptive_avg_pool1d", "adaptive_max_pool1d");
        put(call -> call.selfRows() / call.product(2, "kernel_size") * call.product(1, "output_size"), "col2im");
        put(ResultSizes::eye, "eye");
        put(ResultSizes::arange, "arange");
        put(call -> call.number(2, "steps", 1), "linspace", "logspace");
        put(call -> call.number(0, "n", 1), "randperm");
        put(call -> call.number(0, "window_length", 1), "bartlett_window", "blackman_window", "hamming_window");
        put(call -> call.number(0, "window_length", 1), "hann_window", "kaiser_window");
        put(call -> 2 * call.product(0, "row") * call.product(1, "col"), "tril_indices", "triu_indices");
        put(call -> Math.max(call.number(2, "minlength", 0), largest(call.self()) + 1), "bincount");
        put(call -> call.product(1, "bins"), "histc", "histogram", "histogramdd");
        put(ResultSizes::oneHot, "one_hot");
        put(call -> call.selfElements() * call.number(1, "N", call.selfElements()), "vander");
        put(call -> call.selfRows() * call.number(1, "num_samples", 1), "multinomial");
        put(call -> call.selfRows() * square(call.selfElements() / call.selfRows(), call, "offset"), "diag_embed");
        put(call -> square(call.selfElements(), call, "offset"), "diagflat");
        put(ResultSizes::diagonalMatrix, "diag");
        put(call -> call.selfElements() * elements(call.argument(1, "vec2")), "outer", "ger");
        put(call -> call.selfElements() * elements(call.argument(1, "other")), "kron");
        put(ResultSizes::combinations, "cartesian_prod", "meshgrid");
    }

    private ResultSizes() {}

    private static void put(Measure measure, String... functions) {
        for (String function : functions) {
            TABLE.put(function, measure);
        }
    }

    /** A size of -1 stands for the tensor's own, the dimensions counted from the last. */
    private static double expand(SizedCall call) {
        Tensor self = call.self();
        if (self == null || !(call.argument(1, "size") instanceof List<?> sizes)) {
            return 1;
        }
        double elements = 1;
        for (int i = 1; i <= sizes.size(); i++) {
            double size = SizedCall.number(sizes.get(sizes.size() - i), 1);
            boolean own = size < 0 && i <= self.dimensions();
            elements *= Math.max(1, own ? self.size(-i) : size);
        }
        return elements;
    }

    /** {@code repeats} is one number for all, or one for each row of a dimension; alone, it says how often each index comes. */
    private static double repeatInterleave(SizedCall call) {
        if (!call.gives(1, "repeats")) {
            Tensor counts = call.self();
            return counts == null ? 1 : sum(counts);
        }
        double self = call.selfElements();
        if (call.argument(1, "repeats") instanceof Tensor repeats && repeats.elements() > 1) {
            return self / repeats.elements() * sum(repeats);
        }
        return self * call.number(1, "repeats", 1);
    }

    /** Windows of {@code size} along a dimension, {@code step} apart. */
    private static double unfold(SizedCall call) {
        Tensor self = call.self();
        int dimension = (int) call.number(1, "dimension", 0);
        if (self == null || dimension >= self.dimensions() || dimension < -self.dimensions()) {
            return 1;
        }
        double length = Math.max(1, self.size(dimension));
        double size = call.number(2, "size", 1);
        double windows = (length - size) / Math.max(1, call.number(3, "step", 1)) + 1;
        return self.elements() / length * windows * size;
    }

    /** Two numbers a dimension, the last dimension first. */
    private static double pad(SizedCall call) {
        Tensor self = call.self();
        if (self == null || !(call.argument(1, "pad") instanceof List<?> pads) || pads.size() / 2 > self.dimensions()) {
            return 1;
        }
        double elements = Math.max(1, self.elements());
        for (int i = 0; i + 1 < pads.size(); i += 2) {
            double size = self.size(-1 - i / 2);
            double more = SizedCall.number(pads.get(i), 0) + SizedCall.number(pads.get(i + 1), 0);
            elements *= Math.max(0, size + more) / Math.max(1, size);
        }
        return elements;
    }

    private static double eye(SizedCall call) {
        double rows = call.product(0, "n");
        return rows * call.number(1, "m", rows);
    }

    /** {@code arange(end)}, {@code arange(start, end)}, {@code arange(start, end, step)}. */
    private static double arange(SizedCall call) {
        boolean one = call.positional().size() == 1 && !call.keywords().containsKey("end");
        double end = call.number(one ? 0 : 1, "end", 0);
        double start = one ? 0 : call.number(0, "start", 0);
        return (end - start) / call.number(2, "step", 1);
    }

    private static double oneHot(SizedCall call) {
        double classes = call.number(1, "num_classes", -1);
        return call.selfElements() * (classes < 0 ? largest(call.self()) + 1 : classes);
    }

    /** A matrix with {@code length} elements on one of its diagonals. */
    private static double square(double length, SizedCall call, String diagonal) {
        double size = length + Math.abs(call.number(1, diagonal, 0));
        return size * size;
    }

    /** {@code diag} makes a matrix of a vector; of a matrix it only reads the diagonal. */
    private static double diagonalMatrix(SizedCall call) {
        Tensor self = call.self();
        return self == null || self.dimensions() > 1 ? 1 : square(self.elements(), call, "diagonal");
    }

    /** One of each tensor. */
    private static double combinations(SizedCall call) {
        double combinations = 1;
        if (call.argument(0, "tensors") instanceof List<?> tensors) {
            for (Object tensor : tensors) {
                combinations *= elements(tensor);
            }
        }
        return combinations;
    }

    private static double elements(@Nullable Object value) {
        return value instanceof Tensor tensor ? tensor.elements() : 1;
    }

    private static double sum(Tensor tensor) {
        return SizedCall.number(TorchCall.call("sum", tensor), 0);
    }

    private static double largest(@Nullable Tensor tensor) {
        return elements(tensor) == 0 ? 0 : SizedCall.number(TorchCall.call("max", tensor), 0);
    }
}
