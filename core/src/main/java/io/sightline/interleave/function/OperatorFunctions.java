package io.sightline.interleave.function;

import io.sightline.engine.Tensor;
import io.sightline.nn.ModelOutput;
import io.sightline.python.Python;
import io.sightline.python.PythonDict;
import io.sightline.python.PythonList;
import io.sightline.python.PythonOperators;
import io.sightline.python.PythonSequences;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's {@code operator} module: what it has besides {@link Arithmetic}. */
final class OperatorFunctions {
    private OperatorFunctions() {}

    static Map<String, Function> table() {
        Map<String, Function> table = new LinkedHashMap<>();
        table.putAll(Arithmetic.table());
        table.put("getitem", a -> getItem(a.at(0), a.at(1)));
        table.put("setitem", OperatorFunctions::setItem);
        table.put("delitem", OperatorFunctions::deleteItem);
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

    static @Nullable Object getItem(@Nullable Object container, @Nullable Object key) {
        if (container instanceof Tensor x) {
            return new TensorIndex(key).get(x);
        } else if (container instanceof ModelOutput output && !(key instanceof String)) {
            return PythonSequences.item(output.toTuple(), key);
        } else if (container instanceof Map<?, ?> map) {
            if (!map.containsKey(key)) {
                throw new IllegalArgumentException(
                        "no key " + key + " in a " + Python.typeName(container) + " with " + map.keySet());
            }
            return map.get(key);
        } else if (container instanceof List<?> || container instanceof String) {
            return PythonSequences.item(container, key);
        }
        throw new IllegalArgumentException("'" + Python.typeName(container) + "' object is not subscriptable");
    }

    private static @Nullable Object setItem(CallArguments a) {
        Object container = a.at(0);
        Object key = a.at(1);
        Object value = a.at(2);
        if (container instanceof Tensor x) {
            new TensorIndex(key).set(x, value);
        } else if (container instanceof PythonList list) {
            SequenceItems.set(list, key, value, a.host());
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
        return keys.get(PythonSequences.position(key, keys.size()));
    }

    static <K> void put(Map<K, @Nullable Object> map, @Nullable K key, @Nullable Object value, RunContext host) {
        host.inserted(map, value);
        Object before = map.put(key, value);
        host.removed(map, before);
    }

    private static @Nullable Object deleteItem(CallArguments a) {
        if (a.at(0) instanceof PythonList list) {
            a.host().removed(list, list.remove(PythonSequences.position(a.at(1), list.size())));
        } else if (a.at(0) instanceof PythonDict dict && dict.containsKey(a.at(1))) {
            a.host().removed(dict, dict.remove(a.at(1)));
        } else {
            throw new IllegalArgumentException("nothing to delete at " + a.at(1) + " of a " + Python.typeName(a.at(0)));
        }
        return null;
    }
}
