package io.sightline.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of one object of the wire format, as they were read, asked for by name and kind. */
final class WireFields {
    private final Map<String, Object> fields = new LinkedHashMap<>();
    private final String where;

    WireFields(String where) {
        this.where = where;
    }

    void put(String name, Object value) {
        fields.put(name, value);
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    @Nullable
    String type() {
        return (String) fields.get("type_name");
    }

    String where() {
        return where;
    }

    private Object need(String name) {
        Object value = fields.get(name);
        if (value == null) {
            throw new GraphException("a " + type() + " without '" + name + "', at " + where);
        }
        return value;
    }

    <T> T need(String name, Class<T> kind, String expected) {
        Object value = need(name);
        if (!kind.isInstance(value)) {
            throw new GraphException("'" + name + "' of a " + type() + " has to be " + expected + ", not "
                    + WireObjects.describe(value) + ", at " + where);
        }
        return kind.cast(value);
    }

    String string(String name) {
        return need(name, String.class, "a string");
    }

    Value value(String name) {
        return need(name, Value.class, "a value");
    }

    @SuppressWarnings("unchecked")
    List<Object> list(String name) {
        return has(name) ? (List<Object>) need(name, List.class, "an array") : List.of();
    }

    @SuppressWarnings("unchecked")
    Map<String, Object> map(String name) {
        return has(name) ? (Map<String, Object>) need(name, Map.class, "an object") : Map.of();
    }

    List<Value> values(String name) {
        List<Value> values = new ArrayList<>();
        list(name).forEach(item -> values.add(asValue(name, item)));
        return values;
    }

    Map<String, Value> valueMap(String name) {
        Map<String, Value> values = new LinkedHashMap<>();
        map(name).forEach((key, item) -> values.put(key, asValue(name, item)));
        return values;
    }

    private Value asValue(String name, Object item) {
        if (item instanceof Value value) {
            return value;
        }
        throw new GraphException("'" + name + "' of a " + type() + " holds " + WireObjects.describe(item)
                + ", which is not a value, at " + where);
    }
}
