package io.sightline.interleave.function;

import io.sightline.engine.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether the shapes of a call's tensors alone rule it out, by torch's documented rules for the operations that graphs use most. It is
 * asked once torch has refused a call: a message of libtorch's does not tell whether another run of the graph would fail as well.
 */
final class ShapeRules {
    private static final Set<String> BROADCASTING =
            Set.of(("add sub mul div add_ sub_ mul_ div_ true_divide floor_divide remainder fmod pow atan2 maximum "
                            + "minimum fmax fmin eq ne lt le gt ge logical_and logical_or logical_xor mse_loss l1_loss")
                    .split(" "));

    private static final Set<String> OVER_A_DIMENSION =
            Set.of(("sum mean softmax log_softmax argmax argmin max min cumsum cumprod sort argsort unbind narrow "
                            + "index_select gather squeeze flip var std amax amin prod any all logsumexp size")
                    .split(" "));

    /** By ATen's names; true where the shapes cannot go together. */
    private static final Map<String, Predicate<SizedCall>> TABLE = new HashMap<>();

    static {
        BROADCASTING.forEach(name -> TABLE.put(name, call -> {
            Tensor other = tensor(call, 1, "other");
            Tensor self = call.self();
            return self != null && other != null && !canBroadcast(self.shape(), other.shape());
        }));
        OVER_A_DIMENSION.forEach(name -> TABLE.put(name, ShapeRules::lacksDimension));
        for (String name : List.of("matmul", "mm", "bmm", "mv", "dot")) {
            TABLE.put(name, ShapeRules::cannotMultiply);
        }
        for (String name : List.of("view", "reshape", "_unsafe_view")) {
            TABLE.put(name, ShapeRules::cannotReshape);
        }
        TABLE.put("select", ShapeRules::cannotSelect);
        TABLE.put("cat", ShapeRules::cannotJoin);
        TABLE.put("stack", ShapeRules::cannotStack);
    }

    private ShapeRules() {}

    static boolean ruleOut(String function, List<@Nullable Object> positional, Map<String, @Nullable Object> keywords) {
        Predicate<SizedCall> rule = TABLE.get(function);
        return rule != null && rule.test(new SizedCall(positional, keywords));
    }

    private static @Nullable Tensor tensor(SizedCall call, int position, String name) {
        return call.argument(position, name) instanceof Tensor tensor ? tensor : null;
    }

    /** From the last dimension on, sizes are equal or one of them is 1. */
    static boolean canBroadcast(long[] a, long[] b) {
        for (int i = 1; i <= Math.min(a.length, b.length); i++) {
            long x = a[a.length - i];
            long y = b[b.length - i];
            if (x != y && x != 1 && y != 1) {
                return false;
            }
        }
        return true;
    }

    /** Whether a tensor of the one shape can be repeated to fill the other. */
    static boolean canExpand(long[] from, long[] to) {
        for (int i = 1; i <= from.length; i++) {
            if (i > to.length || from[from.length - i] != to[to.length - i] && from[from.length - i] != 1) {
                return false;
            }
        }
        return true;
    }

    /** Whether an index, which may count from the end, is not among so many. */
    static boolean isOutside(long index, long size) {
        return index >= size || index < -size;
    }

    private static boolean lacksDimension(SizedCall call) {
        Tensor self = call.self();
        return self != null
                && call.argument(1, "dim") instanceof Long dim
                && isOutside(dim, Math.max(1, self.dimensions()));
    }

    private static boolean cannotSelect(SizedCall call) {
        Tensor self = call.self();
        if (self == null || !(call.argument(1, "dim") instanceof Long dim)) {
            return false;
        }
        return isOutside(dim, self.dimensions())
                || call.argument(2, "index") instanceof Long index && isOutside(index, self.size(dim.intValue()));
    }

    private static boolean cannotMultiply(SizedCall call) {
        Tensor self = call.self();
        Tensor other = tensor(call, 1, self != null && call.gives(1, "mat2") ? "mat2" : "other");
        if (self == null || other == null) {
            return false;
        }
        long[] a = self.shape();
        long[] b = other.shape();
        if (a.length == 0 || b.length == 0) {
            return true;
        }
        boolean inner = a[a.length - 1] == b[Math.max(0, b.length - 2)];
        return !inner
                || a.length > 2
                        && b.length > 2
                        && !canBroadcast(Arrays.copyOf(a, a.length - 2), Arrays.copyOf(b, b.length - 2));
    }

    private static boolean cannotReshape(SizedCall call) {
        Tensor self = call.self();
        if (self == null || !(call.argument(1, "size") instanceof List<?> sizes)) {
            return false;
        }
        long product = 1;
        int inferred = 0;
        for (Object size : sizes) {
            if (!(size instanceof Long number)) {
                return false;
            } else if (number < -1) {
                return true;
            }
            inferred += number == -1 ? 1 : 0;
            product *= number == -1 ? 1 : number;
        }
        return switch (inferred) {
            case 0 -> product != self.elements();
            case 1 -> product == 0 || self.elements() % product != 0;
            default -> true;
        };
    }

    private static boolean cannotJoin(SizedCall call) {
        if (!(call.argument(0, "tensors") instanceof List<?> tensors) || !(tensors.get(0) instanceof Tensor first)) {
            return false;
        }
        long dim = call.argument(1, "dim") instanceof Long given ? given : 0;
        return isOutside(dim, first.dimensions())
                || tensors.stream().anyMatch(each -> each instanceof Tensor tensor && differs(first, tensor, dim));
    }

    /** Whether two tensors have different sizes besides {@code dim}'s; one of no elements joins anything. */
    private static boolean differs(Tensor a, Tensor b, long dim) {
        if (a.elements() == 0 || b.elements() == 0) {
            return false;
        } else if (a.dimensions() != b.dimensions()) {
            return true;
        }
        long skipped = dim < 0 ? dim + a.dimensions() : dim;
        for (int i = 0; i < a.dimensions(); i++) {
            if (i != skipped && a.size(i) != b.size(i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean cannotStack(SizedCall call) {
        return call.argument(0, "tensors") instanceof List<?> tensors
                && tensors.get(0) instanceof Tensor first
                && tensors.stream()
                        .anyMatch(
                                each -> each instanceof Tensor tensor && !Arrays.equals(tensor.shape(), first.shape()));
    }
}
