package io.sightline.interleave.function;

import io.sightline.engine.Slice;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.interleave.python.Numbers;
import io.sightline.interleave.python.Python;
import io.sightline.interleave.python.PythonDict;
import io.sightline.interleave.python.PythonList;
import io.sightline.interleave.python.PythonOperators;
import io.sightline.interleave.python.Size;
import io.sightline.nn.ModelOutput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's {@code operator} module, for tensors and for everything else. */
final class Operators {
    /** Operator symbol, torch's function, and whether torch's function takes a number on the left as well. */
    private record Arithmetic(String symbol, String torch, boolean numberFirst) {}

    private static final Map<String, Arithmetic> BINARY = Map.ofEntries(
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

    private static final Map<String, Arithmetic> COMPARISONS = Map.ofEntries(
            binary("eq", "==", "eq", false),
            binary("ne", "!=", "ne", false),
            binary("lt", "<", "lt", false),
            binary("le", "<=", "le", false),
            binary("gt", ">", "gt", false),
            binary("ge", ">=", "ge", false));

    private static final Map<String, String> MIRRORED =
            Map.of("==", "eq", "!=", "ne", "<", "gt", "<=", "ge", ">", "lt", ">=", "le");

    private static final Map<String, Arithmetic> UNARY = Map.ofEntries(
            binary("neg", "-", "neg", false),
            binary("pos", "+", "positive", false),
            binary("invert", "~", "bitwise_not", false),
            binary("inv", "~", "bitwise_not", false),
            binary("abs", "abs", "abs", false));

    private Operators() {}

    private static Map.Entry<String, Arithmetic> binary(String name, String symbol, String torch, boolean numberFirst) {
        return Map.entry(name, new Arithmetic(symbol, torch, numberFirst));
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
        table.put("getitem", a -> getItem(a.at(0), a.at(1)));
        table.put("setitem", Operators::setItem);
        table.put("delitem", Operators::deleteItem);
        table.put(
                "contains",
                a -> a.at(0) instanceof Tensor x
                        ? Python.truth(TorchCall.call("any", TorchCall.call("eq", x, a.at(1))))
                        : (Object) PythonOperators.contains(a.at(0), a.at(1)));
        table.put("concat", a -> PythonOperators.binary("+", a.at(0), a.at(1)));
        table.put("is_", a -> a.at(0) == a.at(1));
        table.put("is_not", a -> a.at(0) != a.at(1));
        table.put("not_", a -> !Python.truth(a.at(0)));
        table.put("truth", a -> Python.truth(a.at(0)));
        table.put("index", a -> a.integer(0));
        table.put("length_hint", a -> Python.length(a.at(0)));
        return table;
    }

    /** A bool beside a tensor stays a bool: as a tensor without dimensions, which promotes like Python's scalar. */
    private static @Nullable Object operand(@Nullable Object value) {
        return value instanceof Boolean bool ? Tensor.of(new boolean[] {bool}) : value;
    }

    private static @Nullable Object arithmetic(Arithmetic op, @Nullable Object a, @Nullable Object b) {
        if (a instanceof Tensor) {
            return TorchCall.call(op.torch, a, operand(b));
        } else if (b instanceof Tensor tensor) {
            return reflected(op, operand(a), tensor);
        }
        return PythonOperators.binary(op.symbol, a, b);
    }

    /** What Python's {@code __radd__} and its like do. */
    private static @Nullable Object reflected(Arithmetic op, @Nullable Object number, Tensor tensor) {
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

    private static @Nullable Object comparison(Arithmetic op, @Nullable Object a, @Nullable Object b) {
        boolean comparable = a != null && b != null && !(a instanceof String) && !(b instanceof String);
        if (a instanceof Tensor && comparable) {
            return TorchCall.call(op.torch, a, operand(b));
        } else if (b instanceof Tensor && comparable) {
            return TorchCall.call(MIRRORED.getOrDefault(op.symbol, op.torch), b, operand(a));
        }
        return PythonOperators.compare(op.symbol, a, b);
    }

    /** {@code a += b}: tensors and lists change in place, all else gives a new value. */
    private static @Nullable Object inPlace(Arithmetic op, Arguments a) {
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

    static @Nullable Object getItem(@Nullable Object container, @Nullable Object key) {
        if (container instanceof Tensor x) {
            return new TensorIndex(key).get(x);
        } else if (container instanceof ModelOutput output && !(key instanceof String)) {
            return Sequences.item(output.toTuple(), key);
        } else if (container instanceof Map<?, ?> map) {
            if (!map.containsKey(key)) {
                throw new IllegalArgumentException(
                        "no key " + key + " in a " + Python.typeName(container) + " with " + map.keySet());
            }
            return map.get(key);
        } else if (container instanceof List<?> || container instanceof String) {
            return Sequences.item(container, key);
        }
        throw new IllegalArgumentException("'" + Python.typeName(container) + "' object is not subscriptable");
    }

    private static @Nullable Object setItem(Arguments a) {
        Object container = a.at(0);
        Object key = a.at(1);
        Object value = a.at(2);
        if (container instanceof Tensor x) {
            new TensorIndex(key).set(x, value);
        } else if (container instanceof PythonList list) {
            Sequences.set(list, key, value, a.host());
        } else if (container instanceof PythonDict dict) {
            put(dict, key, value, a.host());
        } else if (container instanceof ModelOutput output) {
            put(output, outputKey(output, key), value, a.host());
        } else {
            throw new IllegalArgumentException(
                    "'" + Python.typeName(container) + "' object does not support item assignment");
        }
        return null;
    }

    private static String outputKey(ModelOutput output, @Nullable Object key) {
        if (key instanceof String name) {
            return name;
        }
        List<String> keys = List.copyOf(output.keySet());
        return keys.get(Sequences.position(key, keys.size()));
    }

    static <K> void put(Map<K, @Nullable Object> map, @Nullable K key, @Nullable Object value, Host host) {
        host.inserted(map, value);
        Object before = map.put(key, value);
        host.removed(map, before);
    }

    private static @Nullable Object deleteItem(Arguments a) {
        if (a.at(0) instanceof PythonList list) {
            a.host().removed(list, list.remove(Sequences.position(a.at(1), list.size())));
        } else if (a.at(0) instanceof PythonDict dict && dict.containsKey(a.at(1))) {
            a.host().removed(dict, dict.remove(a.at(1)));
        } else {
            throw new IllegalArgumentException("nothing to delete at " + a.at(1) + " of a " + Python.typeName(a.at(0)));
        }
        return null;
    }

    /** Items and slices of tuples, lists and strings. */
    static final class Sequences {
        private Sequences() {}

        static int position(@Nullable Object index, int size) {
            long position = Numbers.asLong(index instanceof Tensor tensor ? tensor.item() : index);
            long fromStart = position < 0 ? position + size : position;
            if (fromStart < 0 || fromStart >= size) {
                throw new IllegalArgumentException("index " + position + " is out of range for " + size + " items");
            }
            return (int) fromStart;
        }

        static @Nullable Object item(Object sequence, @Nullable Object key) {
            if (key instanceof Slice slice) {
                return slice(sequence, slice);
            } else if (sequence instanceof String text) {
                int[] points = text.codePoints().toArray();
                return Character.toString(points[position(key, points.length)]);
            }
            List<?> items = (List<?>) sequence;
            return items.get(position(key, items.size()));
        }

        private static Object slice(Object sequence, Slice slice) {
            if (sequence instanceof String text) {
                StringBuilder part = new StringBuilder();
                int[] points = text.codePoints().toArray();
                positions(slice, points.length).forEach(i -> part.appendCodePoint(points[i]));
                return part.toString();
            }
            List<?> items = (List<?>) sequence;
            List<@Nullable Object> part = new java.util.ArrayList<>();
            positions(slice, items.size()).forEach(i -> part.add(items.get(i)));
            if (items instanceof Size) {
                return new Size(part.stream().mapToLong(Numbers::asLong).toArray());
            }
            return items instanceof PythonList ? new PythonList(part) : Tuple.copyOf(part);
        }

        /** Which positions a slice takes, as {@code slice.indices} says. */
        private static List<Integer> positions(Slice slice, int size) {
            long step = slice.step() == null ? 1 : Numbers.asLong(slice.step());
            if (step == 0) {
                throw new IllegalArgumentException("slice step cannot be zero");
            }
            long low = step > 0 ? 0 : -1;
            long high = step > 0 ? size : size - 1;
            long from = slice.start() == null ? (step > 0 ? low : high) : bound(slice.start(), size, low, high);
            long to = slice.stop() == null ? (step > 0 ? high : low) : bound(slice.stop(), size, low, high);
            List<Integer> positions = new java.util.ArrayList<>();
            for (long i = from; step > 0 ? i < to : i > to; i += step) {
                positions.add((int) i);
            }
            return positions;
        }

        private static long bound(Object bound, int size, long low, long high) {
            long value = Numbers.asLong(bound instanceof Tensor tensor ? tensor.item() : bound);
            return Math.max(low, Math.min(high, value < 0 ? value + size : value));
        }

        static void set(PythonList list, @Nullable Object key, @Nullable Object value, Host host) {
            if (key instanceof Slice slice) {
                setSlice(list, slice, value, host);
                return;
            }
            host.inserted(list, value);
            Object before = list.set(position(key, list.size()), value);
            host.removed(list, before);
        }

        private static void setSlice(PythonList list, Slice slice, @Nullable Object value, Host host) {
            List<Integer> positions = positions(slice, list.size());
            if (!(value instanceof List<?> values) || values.size() != positions.size()) {
                throw new IllegalArgumentException("a slice of " + positions.size() + " items takes a list of as many");
            }
            List<@Nullable Object> items = new java.util.ArrayList<>(values);
            for (int i = 0; i < positions.size(); i++) {
                set(list, (long) positions.get(i), items.get(i), host);
            }
        }
    }
}
