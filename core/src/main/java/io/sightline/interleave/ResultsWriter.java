package io.sightline.interleave;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.engine.Tensor;
import io.sightline.python.Python;
import io.sightline.python.Size;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Results in two files' content: the tensors, each under {@code <graph id>/<node>} (items of tuples and lists with {@code /0}, {@code /1} …, of
 * dicts with {@code /<key>}), and a JSON with their structure.
 *
 * <p>The JSON has {@code values}: graph id → node → {@code {"kind": …}}, the kinds being tensor (key, dtype, shape), tuple, list and set
 * (items), dict (type, items), int, float, bool, str (value), size (value), none, and other (type) for what has no JSON; and
 * {@code unset}: graph id → the saved nodes without a value. Floats that JSON lacks are the strings nan, inf and -inf.
 */
public final class ResultsWriter {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final ObjectNode json = JSON.objectNode();

    private ResultsWriter(Results results) {
        ObjectNode values = json.putObject("values");
        results.values().forEach((graph, nodes) -> {
            ObjectNode of = values.putObject(graph);
            nodes.forEach((node, value) -> of.set(node, describe(graph + "/" + node, value)));
        });
        ObjectNode unset = json.putObject("unset");
        results.unset().forEach((graph, names) -> {
            ArrayNode of = unset.putArray(graph);
            names.forEach(of::add);
        });
    }

    /** Reads the structure of {@code results}, which must stay open until the tensors are written. */
    public static ResultsWriter of(Results results) {
        return new ResultsWriter(results);
    }

    /** The tensors by key; they belong to the results. */
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    /** The structure, pretty-printed. */
    public String json() {
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
        } catch (IOException e) {
            throw new IllegalStateException("a JSON tree can't be written", e);
        }
    }

    private ObjectNode describe(String key, @Nullable Object value) {
        ObjectNode node = JSON.objectNode();
        if (value == null) {
            return node.put("kind", "none");
        } else if (value instanceof Tensor tensor) {
            return tensor(node, key, tensor);
        } else if (value instanceof Boolean bool) {
            return node.put("kind", "bool").put("value", bool);
        } else if (value instanceof Long number) {
            return node.put("kind", "int").put("value", number);
        } else if (value instanceof Double number) {
            node.put("kind", "float");
            return Double.isFinite(number) ? node.put("value", number) : node.put("value", nonFinite(number));
        } else if (value instanceof String text) {
            return node.put("kind", "str").put("value", text);
        } else if (value instanceof Size size) {
            ArrayNode sizes = node.put("kind", "size").putArray("value");
            size.forEach(each -> sizes.add((Long) each));
            return node;
        } else if (value instanceof Map<?, ?> map) {
            return dict(node, key, map);
        } else if (value instanceof List<?> || value instanceof Set<?>) {
            return items(node, key, (Iterable<?>) value);
        }
        return node.put("kind", "other").put("type", Python.typeName(value));
    }

    private static String nonFinite(double number) {
        return Double.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
    }

    private ObjectNode tensor(ObjectNode node, String key, Tensor tensor) {
        tensors.put(key, tensor);
        node.put("kind", "tensor").put("key", key).put("dtype", tensor.dtype().shortName());
        ArrayNode shape = node.putArray("shape");
        for (long size : tensor.shape()) {
            shape.add(size);
        }
        return node;
    }

    private ObjectNode dict(ObjectNode node, String key, Map<?, ?> map) {
        ObjectNode items =
                node.put("kind", "dict").put("type", Python.typeName(map)).putObject("items");
        map.forEach((name, item) -> items.set(String.valueOf(name), describe(key + "/" + name, item)));
        return node;
    }

    private ObjectNode items(ObjectNode node, String key, Iterable<?> values) {
        ArrayNode items = node.put("kind", Python.typeName(values)).putArray("items");
        int index = 0;
        for (Object item : values) {
            items.add(describe(key + "/" + index++, item));
        }
        return node;
    }
}
