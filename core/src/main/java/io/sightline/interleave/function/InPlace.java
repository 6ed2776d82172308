package io.sightline.interleave.function;

import io.sightline.graph.Node;
import io.sightline.graph.Operation;
import io.sightline.graph.Value;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which calls of a graph change one of their arguments, and which give a view of it. */
public final class InPlace {
    private static final Set<String> OPERATORS = Set.of(
            "setitem",
            "delitem",
            "iadd",
            "isub",
            "imul",
            "itruediv",
            "ifloordiv",
            "imod",
            "ipow",
            "iand",
            "ior",
            "ixor",
            "ilshift",
            "irshift");

    /** Methods of lists, dicts and model outputs; tensors have none of these names but clear torch's underscore. */
    private static final Set<String> CONTAINER_METHODS = Set.of(
            "append",
            "extend",
            "insert",
            "pop",
            "popitem",
            "remove",
            "clear",
            "reverse",
            "sort",
            "update",
            "setdefault");

    /** Methods whose result always is a view, or an item, of what they are called on. */
    private static final Set<String> VIEWS = Set.of(
            "view",
            "view_as",
            "transpose",
            "swapaxes",
            "swapdims",
            "movedim",
            "t",
            "permute",
            "squeeze",
            "unsqueeze",
            "expand",
            "expand_as",
            "narrow",
            "select",
            "unflatten",
            "chunk",
            "split",
            "unbind",
            "diagonal",
            "detach",
            "get");

    private InPlace() {}

    /** The argument that a call changes; null where it changes none. */
    public static @Nullable Value target(Operation.Call call, List<Node> nodes) {
        Value out = call.kwargs().get("out");
        if (out != null && out != Value.Constant.NONE) {
            return out;
        }
        Value first = call.args().isEmpty() ? null : call.args().get(0);
        String name = last(call.function());
        if (call.function().equals(Whitelist.PROXY_CALL)) {
            Operation.Call attribute = attribute(first, nodes);
            return attribute == null || !changes(methodName(attribute))
                    ? null
                    : attribute.args().get(0);
        } else if (call.function().startsWith("_operator.")) {
            return OPERATORS.contains(name) ? first : null;
        } else if (call.function().equals("builtins.setattr") || call.function().equals("builtins.delattr")) {
            return first;
        }
        return isUnderscored(name) || isTrue(call.kwargs().get("inplace")) ? first : null;
    }

    private static boolean changes(String method) {
        return CONTAINER_METHODS.contains(method) || isUnderscored(method);
    }

    /** torch's mark of what works in place; two of its names change no element. */
    private static boolean isUnderscored(String name) {
        return name.endsWith("_") && !name.endsWith("__") && !name.equals("requires_grad_") && !name.equals("detach_");
    }

    private static boolean isTrue(@Nullable Value value) {
        return value != null && value != Value.Constant.FALSE && value != Value.Constant.NONE;
    }

    private static String last(String function) {
        return function.substring(function.lastIndexOf('.') + 1);
    }

    /** The {@code fetch_attr} that a called value comes from. */
    private static Operation.@Nullable Call attribute(@Nullable Value called, List<Node> nodes) {
        if (called instanceof Value.NodeReference reference) {
            for (Node node : nodes) {
                if (node.name().equals(reference.name())
                        && node.operation() instanceof Operation.Call call
                        && call.function().equals(Whitelist.FETCH_ATTR)
                        && call.args().size() == 2) {
                    return call;
                }
            }
        }
        return null;
    }

    private static String methodName(Operation.Call attribute) {
        return attribute.args().get(1) instanceof Value.StringValue name ? last(name.value()) : "";
    }

    /** The argument that the result of a call certainly shares memory with; null where it may be a copy, or is something else. */
    public static @Nullable Value viewed(Operation.Call call, List<Node> nodes) {
        Value first = call.args().isEmpty() ? null : call.args().get(0);
        if (call.function().equals("_operator.getitem")) {
            return call.args().size() == 2 && isBasic(call.args().get(1)) ? first : null;
        } else if (call.function().equals(Whitelist.FETCH_ATTR)) {
            return first;
        } else if (call.function().equals(Whitelist.PROXY_CALL)) {
            Operation.Call attribute = attribute(first, nodes);
            String method = attribute == null ? "" : methodName(attribute);
            return VIEWS.contains(method) || isUnderscored(method)
                    ? Objects.requireNonNull(attribute).args().get(0)
                    : null;
        }
        boolean inPlaceOperator =
                call.function().startsWith("_operator.i") && OPERATORS.contains(last(call.function()));
        return inPlaceOperator || isUnderscored(last(call.function())) ? first : null;
    }

    /** Whether an index gives a view: numbers, slices, names; lists and tensors of positions give copies. */
    private static boolean isBasic(Value index) {
        if (index instanceof Value.TupleValue tuple) {
            return tuple.items().stream().allMatch(InPlace::isBasic);
        }
        return index instanceof Value.IntValue
                || index instanceof Value.SliceValue
                || index instanceof Value.StringValue
                || index == Value.Constant.ELLIPSIS
                || index == Value.Constant.NONE;
    }
}
