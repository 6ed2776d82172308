package io.sightline.interleave.function;

import io.sightline.engine.Tensor;
import io.sightline.python.Python;
import io.sightline.python.PythonDict;
import io.sightline.python.PythonNumbers;
import io.sightline.python.SizeMismatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code einops}: rearrange, reduce, repeat and einsum by pattern, {@code "b t (h d) -> b h t d"} (einops 0.8, einops.rocks). */
final class Einops {
    private static final Set<String> REDUCTIONS = Set.of("mean", "sum", "max", "min", "prod", "any", "all");

    private Einops() {}

    static Map<String, Function> table() {
        Map<String, Function> table = new LinkedHashMap<>();
        table.put("rearrange", a -> transform(a, Kind.REARRANGE, "sum"));
        table.put("repeat", a -> transform(a, Kind.REPEAT, "sum"));
        table.put(
                "reduce",
                a -> transform(
                        new CallArguments(
                                List.of(Objects.requireNonNull(a.at(0)), a.text(1)),
                                a.without("reduction").keywords(),
                                a.host()),
                        Kind.REDUCE,
                        a.positional().size() > 2
                                ? a.text(2)
                                : String.valueOf(a.keywords().get("reduction"))));
        table.put("einsum", Einops::einsum);
        table.put("parse_shape", Einops::parseShape);
        return table;
    }

    /** The size of each axis that a pattern names, {@code "b t _"}. */
    private static Object parseShape(CallArguments a) {
        long[] shape = a.tensor(0).shape();
        String[] names = a.text(1).strip().split("\\s+");
        if (names.length != shape.length) {
            throw new IllegalArgumentException("parse_shape of '" + a.text(1) + "' needs " + names.length
                    + " dimensions, not shape " + java.util.Arrays.toString(shape));
        }
        PythonDict sizes = new PythonDict();
        for (int i = 0; i < names.length; i++) {
            if (!names[i].equals("_")) {
                sizes.put(names[i], shape[i]);
            }
        }
        return sizes;
    }

    private enum Kind {
        REARRANGE,
        REPEAT,
        REDUCE
    }

    private static Object transform(CallArguments a, Kind kind, String reduction) {
        Tensor x = a.at(0) instanceof List<?> many ? TorchCall.tensor("stack", many) : a.tensor(0);
        EinopsPattern pattern = EinopsPattern.parse(a.text(1));
        Map<String, Long> sizes = new LinkedHashMap<>();
        a.keywords().forEach((name, size) -> sizes.put(name, PythonNumbers.asLong(size)));
        List<List<String>> left = pattern.left(x.dimensions());
        List<List<String>> right = pattern.right(x.dimensions());
        List<String> from = flat(left);
        List<String> to = flat(right);
        checkAxes(kind, pattern, from, to, sizes);
        measure(x, left, sizes, pattern);
        Tensor split =
                x.reshape(from.stream().mapToLong(axis -> size(sizes, axis)).toArray());
        Tensor reduced = kind == Kind.REDUCE ? reduce(split, from, to, reduction) : split;
        List<String> kept = from.stream().filter(to::contains).toList();
        List<Long> order = to.stream()
                .filter(kept::contains)
                .map(axis -> (long) kept.indexOf(axis))
                .toList();
        Tensor ordered = TorchCall.tensor("permute", reduced, order);
        return group(kind == Kind.REPEAT ? repeated(ordered, kept, to, sizes) : ordered, right, sizes);
    }

    private static void checkAxes(
            Kind kind, EinopsPattern pattern, List<String> from, List<String> to, Map<String, Long> sizes) {
        boolean same = Set.copyOf(from).equals(Set.copyOf(to));
        boolean fits = switch (kind) {
            case REARRANGE -> same;
            case REDUCE -> from.containsAll(to);
            case REPEAT ->
                to.containsAll(from)
                        && to.stream()
                                .allMatch(axis ->
                                        from.contains(axis) || sizes.containsKey(axis) || EinopsPattern.isNumber(axis));
        };
        if (!fits) {
            throw new IllegalArgumentException("the axes on the two sides of '" + pattern + "' don't fit "
                    + kind.name().toLowerCase(java.util.Locale.ROOT));
        }
    }

    private static List<String> flat(List<List<String>> groups) {
        return groups.stream().flatMap(List::stream).toList();
    }

    private static long size(Map<String, Long> sizes, String axis) {
        return EinopsPattern.isNumber(axis) ? EinopsPattern.number(axis) : Objects.requireNonNull(sizes.get(axis));
    }

    /** Finds the size of each axis on the left; one of a group may be left to find. */
    private static void measure(Tensor x, List<List<String>> left, Map<String, Long> sizes, EinopsPattern pattern) {
        long[] shape = x.shape();
        for (int i = 0; i < shape.length; i++) {
            long known = 1;
            String open = null;
            for (String axis : left.get(i)) {
                if (EinopsPattern.isNumber(axis) || sizes.containsKey(axis)) {
                    known *= size(sizes, axis);
                } else if (open == null) {
                    open = axis;
                } else {
                    throw new IllegalArgumentException("the sizes of '" + open + "' and '" + axis + "' in '" + pattern
                            + "' have to be given, at least one of them");
                }
            }
            if (open != null && known > 0 && shape[i] % known == 0) {
                sizes.put(open, shape[i] / known);
            } else if (open != null || known != shape[i]) {
                throw new SizeMismatch(
                        "dimension " + i + " of size " + shape[i] + " does not fit '" + pattern + "' with " + sizes);
            }
        }
    }

    private static Tensor reduce(Tensor x, List<String> from, List<String> to, String reduction) {
        if (!REDUCTIONS.contains(reduction)) {
            throw new IllegalArgumentException("no reduction '" + reduction + "'; known: " + REDUCTIONS);
        }
        List<Long> gone = new ArrayList<>();
        for (int i = 0; i < from.size(); i++) {
            if (!to.contains(from.get(i))) {
                gone.add((long) i);
            }
        }
        if (gone.isEmpty()) {
            return x;
        }
        if (reduction.equals("mean") || reduction.equals("sum")) {
            return TorchCall.tensor(reduction, x, gone);
        } else if (reduction.equals("max") || reduction.equals("min")) {
            return TorchCall.tensor("a" + reduction, x, gone);
        }
        Tensor result = x;
        for (int i = gone.size() - 1; i >= 0; i--) {
            result = TorchCall.tensor(reduction, result, gone.get(i));
        }
        return result;
    }

    private static Tensor repeated(Tensor x, List<String> kept, List<String> to, Map<String, Long> sizes) {
        Tensor result = x;
        List<Long> shape = new ArrayList<>();
        for (int i = 0; i < to.size(); i++) {
            if (!kept.contains(to.get(i))) {
                result = result.unsqueeze(i);
            }
            shape.add(size(sizes, to.get(i)));
        }
        return TorchCall.tensor("expand", result, shape);
    }

    private static Tensor group(Tensor x, List<List<String>> right, Map<String, Long> sizes) {
        return x.reshape(right.stream()
                .mapToLong(group ->
                        group.stream().mapToLong(axis -> size(sizes, axis)).reduce(1, Math::multiplyExact))
                .toArray());
    }

    /** Axes have names of any length; torch's einsum knows letters. */
    private static @Nullable Object einsum(CallArguments a) {
        List<@Nullable Object> tensors = new ArrayList<>(a.positional());
        Object pattern = tensors.remove(tensors.size() - 1);
        if (!(pattern instanceof String text) || !text.contains("->")) {
            throw new IllegalArgumentException(
                    "einsum takes tensors and then a pattern 'a b, b c -> a c', not a " + Python.typeName(pattern));
        }
        Map<String, Character> letters = new LinkedHashMap<>();
        StringBuilder equation = new StringBuilder();
        for (String token :
                text.replace("->", " -> ").replace(",", " , ").strip().split("\\s+")) {
            if (token.equals("->") || token.equals(",") || token.equals("...")) {
                equation.append(token);
            } else {
                equation.append(letters.computeIfAbsent(token, t -> letter(letters.size())));
            }
        }
        return TorchCall.call("einsum", equation.toString(), tensors);
    }

    private static char letter(int index) {
        if (index >= 52) {
            throw new IllegalArgumentException("einsum takes at most 52 axes");
        }
        return (char) (index < 26 ? 'a' + index : 'A' + index - 26);
    }
}
