package io.sightline.interleave.function;

import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.python.Python;
import io.sightline.python.PythonConversions;
import io.sightline.python.PythonDict;
import io.sightline.python.PythonList;
import io.sightline.python.PythonNumbers;
import io.sightline.python.PythonOperators;
import io.sightline.python.PythonSet;
import io.sightline.python.PythonText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Python's builtins, as far as graphs may call them. */
final class Builtins {
    private Builtins() {}

    static Map<String, Function> table() {
        Map<String, Function> table = new LinkedHashMap<>();
        table.put("int", a -> a.size() == 0 ? 0L : PythonConversions.toInt(a.at(0)));
        table.put("float", a -> a.size() == 0 ? 0.0 : PythonConversions.toFloat(a.at(0)));
        table.put("bool", a -> a.size() != 0 && Python.truth(a.at(0)));
        table.put("str", a -> a.size() == 0 ? "" : PythonText.str(a.at(0)));
        table.put("list", a -> a.size() == 0 ? new PythonList() : new PythonList(items(a.at(0))));
        table.put("tuple", a -> a.size() == 0 ? Tuple.of() : Tuple.copyOf(items(a.at(0))));
        table.put("set", a -> a.size() == 0 ? new PythonSet() : new PythonSet(hashable(items(a.at(0)))));
        table.put("dict", Builtins::dict);
        table.put("len", a -> Python.length(a.at(0)));
        table.put(
                "abs",
                a -> a.at(0) instanceof Tensor x ? TorchCall.call("abs", x) : PythonOperators.unary("abs", a.at(0)));
        table.put("sum", Builtins::sum);
        table.put("min", a -> extreme(a, "<"));
        table.put("max", a -> extreme(a, ">"));
        table.put("round", Builtins::round);
        table.put("sorted", a -> new PythonList(sorted(items(a.at(0)))));
        table.put("range", Builtins::range);
        table.put("print", Builtins::print);
        table.put("setattr", a -> {
            Attributes.set(a.at(0), a.text(1), a.at(2), a.host());
            return null;
        });
        return table;
    }

    /** What {@code iter(value)} gives. */
    static List<@Nullable Object> items(@Nullable Object value) {
        if (value instanceof Tensor tensor) {
            return new ArrayList<>((List<?>) Objects.requireNonNull(TorchCall.call("unbind", tensor)));
        } else if (value instanceof String text) {
            return text.codePoints().mapToObj(Character::toString).collect(Collectors.toCollection(ArrayList::new));
        } else if (value instanceof Map<?, ?> map) {
            return new ArrayList<>(map.keySet());
        } else if (value instanceof Collection<?> items) {
            return new ArrayList<>(items);
        }
        throw new IllegalArgumentException("'" + Python.typeName(value) + "' object is not iterable");
    }

    static List<@Nullable Object> hashable(List<@Nullable Object> items) {
        for (Object item : items) {
            if (item instanceof PythonList || item instanceof Map || item instanceof Set) {
                throw new IllegalArgumentException("unhashable type: '" + Python.typeName(item) + "'");
            }
        }
        return items;
    }

    private static Object dict(CallArguments a) {
        PythonDict dict = new PythonDict();
        if (!a.positional().isEmpty()) {
            if (a.at(0) instanceof Map<?, ?> map) {
                dict.putAll(map);
            } else {
                for (Object pair : items(a.at(0))) {
                    List<@Nullable Object> two = items(pair);
                    if (two.size() != 2) {
                        throw new IllegalArgumentException("dict() takes pairs, got " + two.size() + " items");
                    }
                    dict.put(two.get(0), two.get(1));
                }
            }
        }
        dict.putAll(a.keywords());
        return dict;
    }

    private static @Nullable Object sum(CallArguments a) {
        Object total = a.at(1, a.keywords().getOrDefault("start", 0L));
        Function add = Objects.requireNonNull(Whitelist.find("_operator.add"));
        for (Object item : items(a.at(0))) {
            total = add.call(CallArguments.of(a.host(), total, item));
        }
        return total;
    }

    private static @Nullable Object extreme(CallArguments a, String better) {
        List<@Nullable Object> items = a.positional().size() == 1 ? items(a.at(0)) : new ArrayList<>(a.positional());
        if (items.isEmpty()) {
            throw new IllegalArgumentException("min() and max() need at least one item");
        }
        Function compare = Objects.requireNonNull(Whitelist.find(better.equals("<") ? "_operator.lt" : "_operator.gt"));
        Object best = items.get(0);
        for (Object item : items) {
            if (Python.truth(compare.call(CallArguments.of(a.host(), item, best)))) {
                best = item;
            }
        }
        return best;
    }

    private static List<@Nullable Object> sorted(List<@Nullable Object> items) {
        Comparator<@Nullable Object> order =
                (x, y) -> PythonOperators.compare("<", x, y) ? -1 : PythonOperators.compare("<", y, x) ? 1 : 0;
        items.sort(order);
        return items;
    }

    private static @Nullable Object round(CallArguments a) {
        if (a.at(0) instanceof Tensor x) {
            return TorchCall.call("round", x);
        }
        double value = PythonNumbers.asDouble(a.at(0));
        if (a.size() == 1) {
            return a.at(0) instanceof Double ? (Object) PythonConversions.toInt(Math.rint(value)) : a.at(0);
        }
        return new BigDecimal(value)
                .setScale((int) a.integer(1), RoundingMode.HALF_EVEN)
                .doubleValue();
    }

    private static Object range(CallArguments a) {
        long start = a.positional().size() > 1 ? a.integer(0) : 0;
        long stop = a.positional().size() > 1 ? a.integer(1) : a.integer(0);
        long step = a.positional().size() > 2 ? a.integer(2) : 1;
        if (step == 0 || Math.abs(((double) stop - start) / step) > 1_000_000) {
            throw new IllegalArgumentException("range() takes a step other than 0 and at most a million items here");
        }
        List<@Nullable Object> items = new ArrayList<>();
        for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
            items.add(i);
        }
        return Tuple.copyOf(items);
    }

    private static @Nullable Object print(CallArguments a) {
        String separator = a.keywords().get("sep") instanceof String text ? text : " ";
        a.host().print(a.positional().stream().map(PythonText::str).collect(Collectors.joining(separator)));
        return null;
    }
}
