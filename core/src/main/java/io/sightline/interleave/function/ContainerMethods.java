package io.sightline.interleave.function;

import io.sightline.engine.Tuple;
import io.sightline.python.Python;
import io.sightline.python.PythonDict;
import io.sightline.python.PythonList;
import io.sightline.python.PythonOperators;
import io.sightline.python.PythonSequences;
import io.sightline.python.PythonSet;
import io.sightline.python.Size;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The methods of Python's list, tuple, dict and set. */
final class ContainerMethods {
    static final Map<String, Function> TUPLE =
            Map.of("index", ContainerMethods::index, "count", ContainerMethods::count);

    static final Map<String, Function> SIZE = Map.of(
            "index",
            ContainerMethods::index,
            "count",
            ContainerMethods::count,
            "numel",
            a -> ((Size) subject(a)).elements());

    static final Map<String, Function> LIST = Map.ofEntries(
            Map.entry("append", a -> insert(a, list(a).size(), a.at(1))),
            Map.entry("insert", a -> insert(a, clamped(a), a.at(2))),
            Map.entry("extend", ContainerMethods::extend),
            Map.entry("pop", ContainerMethods::pop),
            Map.entry("remove", ContainerMethods::remove),
            Map.entry("clear", ContainerMethods::clear),
            Map.entry("reverse", ContainerMethods::reverse),
            Map.entry("sort", ContainerMethods::sort),
            Map.entry("copy", a -> new PythonList(list(a))),
            Map.entry("index", ContainerMethods::index),
            Map.entry("count", ContainerMethods::count));

    static final Map<String, Function> DICT = Map.ofEntries(
            Map.entry("keys", a -> Tuple.copyOf(new ArrayList<>(map(a).keySet()))),
            Map.entry("values", a -> Tuple.copyOf(new ArrayList<>(map(a).values()))),
            Map.entry("items", ContainerMethods::entries),
            Map.entry("get", a -> map(a).getOrDefault(a.at(1), a.at(2, null))),
            Map.entry("pop", ContainerMethods::popKey),
            Map.entry("update", ContainerMethods::update),
            Map.entry("setdefault", ContainerMethods::setDefault),
            Map.entry("copy", a -> new PythonDict(map(a))),
            Map.entry("clear", ContainerMethods::clearMap),
            Map.entry("to_tuple", a -> Tuple.copyOf(new ArrayList<>(map(a).values()))));

    static final Map<String, Function> SET = Map.ofEntries(
            Map.entry("add", ContainerMethods::addToSet),
            Map.entry("discard", ContainerMethods::discard),
            Map.entry("union", a -> PythonOperators.binary("|", subject(a), new PythonSet(Builtins.items(a.at(1))))),
            Map.entry(
                    "intersection",
                    a -> PythonOperators.binary("&", subject(a), new PythonSet(Builtins.items(a.at(1))))),
            Map.entry(
                    "difference", a -> PythonOperators.binary("-", subject(a), new PythonSet(Builtins.items(a.at(1))))),
            Map.entry("copy", a -> new PythonSet((PythonSet) subject(a))));

    private ContainerMethods() {}

    private static Object subject(CallArguments a) {
        return Objects.requireNonNull(a.at(0));
    }

    private static PythonList list(CallArguments a) {
        return (PythonList) subject(a);
    }

    @SuppressWarnings("unchecked")
    private static Map<@Nullable Object, @Nullable Object> map(CallArguments a) {
        return (Map<@Nullable Object, @Nullable Object>) subject(a);
    }

    private static int clamped(CallArguments a) {
        long index = a.integer(1);
        int size = list(a).size();
        return (int) Math.max(0, Math.min(size, index < 0 ? index + size : index));
    }

    private static @Nullable Object insert(CallArguments a, int index, @Nullable Object item) {
        list(a).add(index, item);
        a.host().inserted(list(a), item);
        return null;
    }

    private static @Nullable Object extend(CallArguments a) {
        for (Object item : Builtins.items(a.at(1))) {
            insert(a, list(a).size(), item);
        }
        return null;
    }

    private static @Nullable Object pop(CallArguments a) {
        PythonList list = list(a);
        Object item = list.remove(PythonSequences.position(a.at(1, -1L), list.size()));
        a.host().removed(list, item);
        return item;
    }

    private static @Nullable Object remove(CallArguments a) {
        int index = (int) (long) (Long) index(a);
        a.host().removed(list(a), list(a).remove(index));
        return null;
    }

    private static @Nullable Object clear(CallArguments a) {
        while (!list(a).isEmpty()) {
            a.host().removed(list(a), list(a).remove(list(a).size() - 1));
        }
        return null;
    }

    private static @Nullable Object reverse(CallArguments a) {
        Collections.reverse(list(a));
        return null;
    }

    private static @Nullable Object sort(CallArguments a) {
        list(a).sort((x, y) -> PythonOperators.compare("<", x, y) ? -1 : PythonOperators.compare("<", y, x) ? 1 : 0);
        if (Python.truth(a.keywords().get("reverse"))) {
            Collections.reverse(list(a));
        }
        return null;
    }

    private static Object index(CallArguments a) {
        List<?> items = (List<?>) subject(a);
        for (int i = 0; i < items.size(); i++) {
            if (Python.equal(items.get(i), a.at(1))) {
                return (long) i;
            }
        }
        throw new IllegalArgumentException("the value is not in the " + Python.typeName(items));
    }

    private static Object count(CallArguments a) {
        return ((List<?>) subject(a))
                .stream()
                        .filter(item -> Python.equal(item, a.positional().get(1)))
                        .count();
    }

    private static Object entries(CallArguments a) {
        List<@Nullable Object> pairs = new ArrayList<>();
        map(a).forEach((key, value) -> pairs.add(Tuple.of(key, value)));
        return Tuple.copyOf(pairs);
    }

    private static @Nullable Object popKey(CallArguments a) {
        if (!map(a).containsKey(a.at(1))) {
            if (a.positional().size() > 2) {
                return a.at(2);
            }
            throw new IllegalArgumentException("no key " + a.at(1) + " in the dict with " + map(a).keySet());
        }
        Object value = map(a).remove(a.at(1));
        a.host().removed(map(a), value);
        return value;
    }

    private static @Nullable Object update(CallArguments a) {
        PythonDict more = new PythonDict();
        if (a.positional().size() > 1 && a.at(1) instanceof Map<?, ?> given) {
            more.putAll(given);
        }
        more.putAll(a.keywords());
        more.forEach((key, value) -> OperatorFunctions.put(map(a), key, value, a.host()));
        return null;
    }

    private static @Nullable Object setDefault(CallArguments a) {
        if (!map(a).containsKey(a.at(1))) {
            OperatorFunctions.put(map(a), a.at(1), a.at(2, null), a.host());
        }
        return map(a).get(a.at(1));
    }

    private static @Nullable Object clearMap(CallArguments a) {
        List<@Nullable Object> values = new ArrayList<>(map(a).values());
        map(a).clear();
        values.forEach(value -> a.host().removed(map(a), value));
        return null;
    }

    private static @Nullable Object addToSet(CallArguments a) {
        Builtins.hashable(Collections.singletonList(a.at(1)));
        if (((PythonSet) subject(a)).add(a.at(1))) {
            a.host().inserted(subject(a), a.at(1));
        }
        return null;
    }

    private static @Nullable Object discard(CallArguments a) {
        if (((PythonSet) subject(a)).remove(a.at(1))) {
            a.host().removed(subject(a), a.at(1));
        }
        return null;
    }
}
