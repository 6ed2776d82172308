package io.sightline.trace;

import io.sightline.graph.Operation;
import io.sightline.graph.Value;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Values as text, tensors with all their elements. */
final class Written {
    private Written() {}

    static String of(Operation operation) {
        if (operation instanceof Operation.Call call) {
            return call.function() + " " + of(call.args()) + " " + of(new Value.DictValue(call.kwargs()));
        } else if (operation instanceof Operation.Swap swap) {
            return "swap " + swap.target() + " " + of(swap.value());
        } else if (operation instanceof Operation.ApplyModule apply) {
            return "apply " + apply.path() + " " + apply.hooked() + " " + of(apply.args()) + " " + apply.kwargs();
        }
        return operation.toString();
    }

    static String of(List<Value> values) {
        return values.stream().map(Written::of).collect(Collectors.joining(", ", "(", ")"));
    }

    static String of(Value value) {
        if (value instanceof Value.TensorValue tensor) {
            return tensor + Arrays.toString(tensor.integers()) + Arrays.toString(tensor.floats());
        } else if (value instanceof Value.TupleValue tuple) {
            return "tuple" + of(tuple.items());
        } else if (value instanceof Value.ListValue list) {
            return "list" + of(list.items());
        } else if (value instanceof Value.DictValue dict) {
            return dict.entries().entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + of(entry.getValue()))
                    .sorted()
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return value.toString();
    }
}
