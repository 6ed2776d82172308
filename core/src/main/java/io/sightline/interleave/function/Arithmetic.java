package io.sightline.interleave.function;

import io.sightline.engine.Tensor;
import io.sightline.python.PythonList;
import io.sightline.python.PythonOperators;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's arithmetic and comparisons: torch's where there is a tensor on either side, Python's own elsewhere. */
final class Arithmetic {
    /** Operator symbol, torch's function, and whether torch's function takes a number on the left as well. */
    private record Operator(String symbol, String torch, boolean numberFirst) {}

    private static final Map<String, Operator> BINARY = Map.ofEntries(
            binary("add", "+", "add", false),
            binary("sub", "-", "sub", false),
            binary("mul", "*", "mul", false),
            binary("truediv", "/", "div", false),
            binary("floordiv", "//", "floor_divide", false),
            binary("mod", "%", "remainder", true),
            binary("pow", "**", "pow", true),
            binary("matmul", "@", "matmul", false),
            binary("and_", "&", "bitwise_and", true),
            binary("or_", "|", "bitwise_or", true),
            binary("xor", "^", "bitwise_xor", true),
            binary("lshift", "<<", "bitwise_left_shift", true),
            binary("rshift", ">>", "bitwise_right_shift", true));

    private static final Map<String, Operator> COMPARISONS = Map.ofEntries(
            binary("eq", "==", "eq", false),
            binary("ne", "!=", "ne", false),
            binary("lt", "<", "lt", false),
            binary("le", "<=", "le", false),
            binary("gt", ">", "gt", false),
            binary("ge", ">=", "ge", false));

    private static final Map<String, String> MIRRORED =
            Map.of("==", "eq", "!=", "ne", "<", "gt", "<=", "ge", ">", "lt", ">=", "le");

    private static final Map<String, Operator> UNARY = Map.ofEntries(
            binary("neg", "-", "neg", false),
            binary("pos", "+", "positive", false),
            binary("invert", "~", "bitwise_not", false),
            binary("inv", "~", "bitwise_not", false),
            binary("abs", "abs", "abs", false));

    private Arithmetic() {}

    private static Map.Entry<String, Operator> binary(String name, String symbol, String torch, boolean numberFirst) {
        return Map.entry(name, new Operator(symbol, torch, numberFirst));
    }

    static Map<String, Function> table() {
        Map<String, Function> table = new LinkedHashMap<>();
        BINARY.forEach((name, op) -> {
            table.put(name, a -> arithmetic(op, a.at(0), a.at(1)));
            String inPlace = "i" + (name.endsWith("_") ? name.substring(0, name.length() - 1) : name);
            table.put(inPlace, a -> inPlace(op, a));
        });
        COMPARISONS.forEach((name, op) -> table.put(name, a -> comparison(op, a.at(0), a.at(1))));
        UNARY.forEach((name, op) -> table.put(
                name,
                a -> a.at(0) instanceof Tensor x
                        ? TorchCall.call(op.torch, x)
                        : PythonOperators.unary(op.symbol, a.at(0))));
        return table;
    }

    /** A bool beside a tensor stays a bool: as a tensor without dimensions, which promotes like Python's scalar. */
    private static @Nullable Object operand(@Nullable Object value) {
        return value instanceof Boolean bool ? Tensor.of(new boolean[] {bool}) : value;
    }

    private static @Nullable Object arithmetic(Operator op, @Nullable Object a, @Nullable Object b) {
        if (a instanceof Tensor) {
            return TorchCall.call(op.torch, a, operand(b));
        } else if (b instanceof Tensor tensor) {
            return reflected(op, operand(a), tensor);
        }
        return PythonOperators.binary(op.symbol, a, b);
    }

    /** What Python's {@code __radd__} and its like do. */
    private static @Nullable Object reflected(Operator op, @Nullable Object number, Tensor tensor) {
        if (number instanceof Tensor left) {
            return TorchCall.call(op.torch, left, tensor);
        }
        return switch (op.symbol) {
            case "+", "*" -> TorchCall.call(op.torch, tensor, number);
            case "-" -> TorchCall.call("rsub", tensor, number);
            case "/" -> TorchCall.call("mul", TorchCall.call("reciprocal", tensor), number);
            case "//" -> TorchCall.call("floor_divide", scalarLike(number, tensor), tensor);
            default ->
                op.numberFirst
                        ? TorchCall.call(op.torch, number, tensor)
                        : PythonOperators.binary(op.symbol, number, tensor);
        };
    }

    private static Tensor scalarLike(@Nullable Object number, Tensor tensor) {
        return Creation.tensor(number, null).to(tensor.device());
    }

    private static @Nullable Object comparison(Operator op, @Nullable Object a, @Nullable Object b) {
        boolean comparable = a != null && b != null && !(a instanceof String) && !(b instanceof String);
        if (a instanceof Tensor && comparable) {
            return TorchCall.call(op.torch, a, operand(b));
        } else if (b instanceof Tensor && comparable) {
            return TorchCall.call(MIRRORED.getOrDefault(op.symbol, op.torch), b, operand(a));
        }
        return PythonOperators.compare(op.symbol, a, b);
    }

    /** {@code a += b}: tensors and lists change in place, all else gives a new value. */
    private static @Nullable Object inPlace(Operator op, CallArguments a) {
        if (a.at(0) instanceof Tensor x && !op.symbol.equals("@")) {
            TorchCall.call(op.torch + "_", x, operand(a.at(1)));
            return x;
        } else if (a.at(0) instanceof PythonList list && op.symbol.equals("+") && a.at(1) instanceof List<?> more) {
            for (Object item : List.copyOf(more)) {
                list.add(item);
                a.host().inserted(list, item);
            }
            return list;
        }
        return arithmetic(op, a.at(0), a.at(1));
    }
}
