package io.sightline.interleave.function;

import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.python.Python;
import io.sightline.python.PythonConversions;
import io.sightline.python.PythonNumbers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The functions of {@code torch} itself: by their list, and those that are written in Python there. */
final class TorchFunctions {
    private TorchFunctions() {}

    static Map<String, Function> table() {
        Map<String, Function> table = new LinkedHashMap<>();
        for (String name : Lists.read("torch-functions.txt")) {
            table.put(name, a -> TorchCall.call(name, a));
        }
        table.put("tensor", Creation::call);
        table.put("as_tensor", Creation::call);
        table.put("scalar_tensor", Creation::call);
        table.put("full", Creation::full);
        table.put("empty", a -> TorchCall.call("empty", a));
        table.put("empty_like", a -> TorchCall.call("empty_like", a));
        table.put("numel", a -> a.tensor(0).elements());
        table.put("is_floating_point", a -> a.tensor(0).dtype().isFloatingPoint());
        table.put("is_tensor", a -> a.at(0) instanceof Tensor);
        table.put("norm", TorchFunctions::norm);
        table.put("unique", TorchFunctions::unique);
        table.put("unique_consecutive", TorchFunctions::uniqueConsecutive);
        table.put("nonzero", TorchFunctions::nonzero);
        table.put("tensordot", TorchFunctions::tensordot);
        table.put(
                "chain_matmul",
                a -> TorchCall.call(
                        "linalg_multi_dot",
                        a.size() == 1 && a.at(0) instanceof List<?> matrices ? matrices : a.positional()));
        table.put("typename", a -> Python.typeName(a.at(0)));
        return table;
    }

    /** {@code torch.functional.norm}: the Frobenius norm where no {@code p} is given. */
    static @Nullable Object norm(CallArguments a) {
        var bound = Signature.of("input, p='fro', dim=None, keepdim=False, out=None, dtype=None")
                .bind(a);
        Object p = bound.get("p") == null || "fro".equals(bound.get("p")) ? 2.0 : bound.get("p");
        Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
        keywords.put("dtype", bound.get("dtype"));
        if ("nuc".equals(p)) {
            return TorchCall.call("linalg_matrix_norm", listOf(bound.get("input"), "nuc"), Map.of());
        } else if (p instanceof String text) {
            p = PythonConversions.toFloat(text);
        }
        Object dim = bound.get("dim") instanceof Long one ? List.of(one) : bound.get("dim");
        return TorchCall.call("linalg_vector_norm", listOf(bound.get("input"), p, dim, bound.get("keepdim")), keywords);
    }

    /** {@code torch.nonzero}: a matrix of indices, or a tuple of one tensor a dimension. */
    static @Nullable Object nonzero(CallArguments a) {
        var bound = Signature.of("input, as_tuple=False, out=None").bind(a);
        return TorchCall.call(Python.truth(bound.get("as_tuple")) ? "nonzero_numpy" : "nonzero", bound.get("input"));
    }

    /** {@code torch.functional.tensordot}: {@code dims} last dimensions of the one with the first of the other, or two lists of dimensions. */
    private static @Nullable Object tensordot(CallArguments a) {
        var bound = Signature.of("a, b, dims=2, out=None").bind(a);
        Tensor x = (Tensor) Objects.requireNonNull(bound.get("a"));
        if (bound.get("dims") instanceof List<?> pair && pair.size() == 2) {
            return TorchCall.call("tensordot", x, bound.get("b"), dimensions(pair.get(0)), dimensions(pair.get(1)));
        }
        long count = PythonNumbers.asLong(bound.get("dims"));
        if (count < 0 || count > x.dimensions()) {
            throw new IllegalArgumentException(
                    "tensordot of dims=" + count + " with a tensor of shape " + java.util.Arrays.toString(x.shape()));
        }
        return TorchCall.call(
                "tensordot",
                x,
                bound.get("b"),
                LongStream.range(x.dimensions() - count, x.dimensions()).boxed().toList(),
                LongStream.range(0, count).boxed().toList());
    }

    private static Object dimensions(@Nullable Object dims) {
        return dims instanceof Long one ? List.of(one) : Objects.requireNonNull(dims);
    }

    /** {@code torch.unique}: the values alone, or a tuple where more is asked for. */
    static @Nullable Object unique(CallArguments a) {
        var bound = Signature.of("input, sorted=True, return_inverse=False, return_counts=False, dim=None")
                .bind(a);
        boolean inverse = Python.truth(bound.get("return_inverse"));
        boolean counts = Python.truth(bound.get("return_counts"));
        return wanted(
                bound.get("dim") == null
                        ? TorchCall.call("_unique2", bound.get("input"), bound.get("sorted"), inverse, counts)
                        : TorchCall.call(
                                "unique_dim",
                                bound.get("input"),
                                bound.get("dim"),
                                bound.get("sorted"),
                                inverse,
                                counts),
                inverse,
                counts);
    }

    static @Nullable Object uniqueConsecutive(CallArguments a) {
        var bound = Signature.of("input, return_inverse=False, return_counts=False, dim=None")
                .bind(a);
        boolean inverse = Python.truth(bound.get("return_inverse"));
        boolean counts = Python.truth(bound.get("return_counts"));
        return wanted(
                TorchCall.call("unique_consecutive", bound.get("input"), inverse, counts, bound.get("dim")),
                inverse,
                counts);
    }

    private static @Nullable Object wanted(@Nullable Object all, boolean inverse, boolean counts) {
        Tuple three = (Tuple) Objects.requireNonNull(all);
        List<@Nullable Object> wanted = listOf(three.get(0));
        if (inverse) {
            wanted.add(three.get(1));
        }
        if (counts) {
            wanted.add(three.get(2));
        }
        return wanted.size() == 1 ? wanted.get(0) : Tuple.copyOf(wanted);
    }

    private static List<@Nullable Object> listOf(@Nullable Object... items) {
        return new ArrayList<>(java.util.Arrays.asList(items));
    }
}
