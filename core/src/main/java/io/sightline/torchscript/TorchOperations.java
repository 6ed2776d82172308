package io.sightline.torchscript;

import io.sightline.engine.Device;
import io.sightline.engine.Tensor;
import io.sightline.engine.TorchFunction;
import io.sightline.engine.Tuple;
import io.sightline.python.Python;
import io.sightline.python.PythonConversions;
import io.sightline.python.PythonOperators;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind {@code torch.<name>(…)} in an archive's code. On tensors it is libtorch's operation, found by its own overload rules;
 * the same names on plain numbers, lists, dicts and texts are done here.
 */
final class TorchOperations {
    /** Operations that reach out of the process, which a model's forward has no use for. */
    private static final Set<String> REFUSED = Set.of("save", "load", "from_file", "set_vital", "read_vitals");

    private static final Map<String, Callable> PLAIN = new HashMap<>();

    static {
        Map.of("add", "+", "sub", "-", "div", "/", "floordiv", "//", "remainder", "%", "pow", "**")
                .forEach((name, symbol) -> PLAIN.put(name, (a, k) -> Scalars.arithmetic(symbol, a.get(0), a.get(1))));
        PLAIN.put("mul", (a, k) -> multiply(a.get(0), a.get(1)));
        PLAIN.put("neg", (a, k) -> PythonOperators.unary("-", a.get(0)));
        PLAIN.put("eq", (a, k) -> Scalars.equal(a.get(0), a.get(1)));
        PLAIN.put("ne", (a, k) -> !Scalars.equal(a.get(0), a.get(1)));
        Map.of("lt", "<", "le", "<=", "gt", ">", "ge", ">=")
                .forEach((name, symbol) ->
                        PLAIN.put(name, (a, k) -> PythonOperators.compare(symbol, a.get(0), a.get(1))));
        PLAIN.put("__not__", (a, k) -> !Python.truth(a.get(0)));
        PLAIN.put("__and__", (a, k) -> Python.truth(a.get(0)) && Python.truth(a.get(1)));
        PLAIN.put("__or__", (a, k) -> Python.truth(a.get(0)) || Python.truth(a.get(1)));
        PLAIN.put("__contains__", (a, k) -> contains(a.get(0), a.get(1)));
        PLAIN.put("format", (a, k) -> Texts.format(a));
        PLAIN.put("percentFormat", (a, k) -> Texts.percent(a));
        PLAIN.put(
                "device", (a, k) -> Device.parse(a.size() > 1 ? a.get(0) + ":" + a.get(1) : String.valueOf(a.get(0))));
    }

    /** The same for every kind of argument. */
    private static final Map<String, Callable> ANY = new HashMap<>();

    static {
        ANY.put("__is__", (a, k) -> a.get(0) == a.get(1));
        ANY.put("__isnot__", (a, k) -> a.get(0) != a.get(1));
        ANY.put("len", (a, k) -> length(a.get(0)));
        ANY.put("size", (a, k) -> size(a));
        ANY.put("dim", (a, k) -> (long) tensor(a).dimensions());
        for (String name : List.of("item", "IntImplicit", "FloatImplicit", "ScalarImplicit")) {
            ANY.put(name, (a, k) -> tensor(a).item());
        }
        ANY.put("warn", (a, k) -> null);
    }

    /** Where the first argument is a list or a dict, whatever is in it. */
    private static final Map<String, Callable> CONTAINER = new HashMap<>();

    static {
        CONTAINER.put("append", (a, k) -> appended(a));
        CONTAINER.put("extend", (a, k) -> Containers.list(a.get(0)).addAll(Containers.list(a.get(1))));
        CONTAINER.put("insert", (a, k) -> inserted(a));
        CONTAINER.put("pop", (a, k) -> popped(a));
        CONTAINER.put("clear", (a, k) -> cleared(a.get(0)));
        CONTAINER.put("__getitem__", (a, k) -> Containers.item(a.get(0), a.get(1)));
        CONTAINER.put("_set_item", (a, k) -> Containers.set(a.get(0), a.get(1), a.get(2)));
        CONTAINER.put("slice", (a, k) -> Containers.slice(a.get(0), at(a, 1), at(a, 2), a.size() > 3 ? a.get(3) : 1L));
        CONTAINER.put("add", (a, k) -> joined(a.get(0), a.get(1)));
        CONTAINER.put("list", (a, k) -> new ArrayList<>((List<?>) Frame.some(a.get(0))));
        CONTAINER.put(
                "keys", (a, k) -> new ArrayList<>(Containers.dict(a.get(0)).keySet()));
        CONTAINER.put(
                "values", (a, k) -> new ArrayList<>(Containers.dict(a.get(0)).values()));
        CONTAINER.put("items", (a, k) -> items(Containers.dict(a.get(0))));
        CONTAINER.put("__contains__", (a, k) -> contains(a.get(0), a.get(1)));
    }

    private TorchOperations() {}

    static @Nullable Object call(
            String name, List<@Nullable Object> arguments, Map<String, @Nullable Object> keywords) {
        if (REFUSED.contains(name)) {
            throw new UnsupportedOperationException("the code calls torch." + name + ", which is never run");
        }
        Callable here = here(name, arguments);
        return here != null ? here.call(arguments, keywords) : TorchFunction.call(name, arguments, keywords);
    }

    private static @Nullable Callable here(String name, List<@Nullable Object> arguments) {
        Callable any = ANY.get(name);
        if (any != null || arguments.isEmpty()) {
            return any;
        }
        Object first = arguments.get(0);
        if ((first instanceof List || first instanceof Map) && CONTAINER.containsKey(name)) {
            return CONTAINER.get(name);
        }
        return Scalars.arePlain(arguments) ? PLAIN.get(name) : null;
    }

    private static @Nullable Object at(List<@Nullable Object> arguments, int index) {
        return index < arguments.size() ? arguments.get(index) : null;
    }

    private static Tensor tensor(List<@Nullable Object> arguments) {
        if (arguments.get(0) instanceof Tensor tensor) {
            return tensor;
        }
        throw new UnsupportedOperationException("the code takes " + arguments.get(0) + " for a tensor");
    }

    // ---- numbers and texts

    private static @Nullable Object multiply(@Nullable Object a, @Nullable Object b) {
        if (!(a instanceof List<?> items)) {
            return Scalars.arithmetic("*", a, b);
        }
        long times = PythonConversions.toInt(b);
        if (items.size() * Math.max(0, times) > 1_000_000) {
            throw new UnsupportedOperationException("the code makes a list of more than a million items");
        }
        List<@Nullable Object> repeated = new ArrayList<>();
        for (long i = 0; i < times; i++) {
            repeated.addAll(items);
        }
        return repeated;
    }

    private static Object length(@Nullable Object value) {
        if (value instanceof List<?> items) {
            return (long) items.size();
        } else if (value instanceof Map<?, ?> map) {
            return (long) map.size();
        } else if (value instanceof String text) {
            return (long) text.length();
        } else if (value instanceof Tensor tensor) {
            return tensor.size(0);
        }
        throw new UnsupportedOperationException("the code asks for the length of " + value);
    }

    private static Object size(List<@Nullable Object> arguments) {
        Tensor tensor = tensor(arguments);
        if (arguments.size() > 1 && arguments.get(1) != null) {
            return tensor.size((int) PythonConversions.toInt(arguments.get(1)));
        }
        List<@Nullable Object> sizes = new ArrayList<>();
        for (long size : tensor.shape()) {
            sizes.add(size);
        }
        return sizes;
    }

    // ---- lists and dicts

    private static Object appended(List<@Nullable Object> arguments) {
        List<@Nullable Object> list = Containers.list(arguments.get(0));
        list.add(arguments.get(1));
        return list;
    }

    private static @Nullable Object inserted(List<@Nullable Object> arguments) {
        List<@Nullable Object> list = Containers.list(arguments.get(0));
        long index = PythonConversions.toInt(arguments.get(1));
        list.add((int) Math.max(0, Math.min(list.size(), index < 0 ? list.size() + index : index)), arguments.get(2));
        return null;
    }

    private static @Nullable Object popped(List<@Nullable Object> arguments) {
        List<@Nullable Object> list = Containers.list(arguments.get(0));
        long index = arguments.size() > 1 ? PythonConversions.toInt(arguments.get(1)) : -1;
        Object item = Containers.item(list, index);
        list.remove((int) (index < 0 ? list.size() + index : index));
        return item;
    }

    private static @Nullable Object cleared(@Nullable Object value) {
        if (value instanceof Map<?, ?>) {
            Containers.dict(value).clear();
        } else {
            Containers.list(value).clear();
        }
        return null;
    }

    private static Object joined(@Nullable Object a, @Nullable Object b) {
        List<@Nullable Object> both = new ArrayList<>((List<?>) Frame.some(a));
        both.addAll((List<?>) Frame.some(b));
        return both;
    }

    private static Object items(Map<Object, @Nullable Object> dict) {
        List<@Nullable Object> items = new ArrayList<>();
        dict.forEach((key, value) -> items.add(Tuple.of(key, value)));
        return items;
    }

    private static boolean contains(@Nullable Object container, @Nullable Object item) {
        if (container instanceof Map<?, ?> map) {
            return map.containsKey(item);
        } else if (container instanceof String text) {
            return text.contains(String.valueOf(item));
        }
        return Frame.some(container) instanceof List<?> items && items.stream().anyMatch(x -> Scalars.equal(x, item));
    }
}
