package io.sightline.graph;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the objects of the wire format off a parser, in any order of their fields. What comes back is a {@link Value}, a {@link Graph},
 * a {@link Block}, a {@link WireNode}, or a {@link Request}.
 */
final class WireObjects {
    private final JsonParser parser;
    private final WireTensors tensors;
    private int nodes;

    WireObjects(JsonParser parser) {
        this.parser = parser;
        this.tensors = new WireTensors(parser);
    }

    /** The outermost object of a request, its inner JSON read already. */
    record Request(Block block) {}

    /** A NODE before its operation is known. */
    record WireNode(
            String name,
            String target,
            List<Object> args,
            Map<String, Object> kwargs,
            @Nullable String condition) {}

    /** Any JSON value, the parser being at its first token. */
    private Object any(JsonToken token) throws IOException {
        return switch (token) {
            case VALUE_NULL -> Value.Constant.NONE;
            case VALUE_TRUE -> Value.Constant.TRUE;
            case VALUE_FALSE -> Value.Constant.FALSE;
            case VALUE_STRING -> new Value.StringValue(parser.getText());
            case VALUE_NUMBER_INT -> new Value.IntValue(integer());
            case VALUE_NUMBER_FLOAT -> new Value.FloatValue(finite(parser.getText()));
            case START_OBJECT -> object(token);
            default ->
                throw new GraphException(
                        "a bare JSON array is not a value of the wire format; lists are {\"type_name\": \"LIST\", \"values\": […]}, at "
                                + where());
        };
    }

    private long integer() throws IOException {
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw new GraphException("the integer " + parser.getText() + " does not fit 64 bits, at " + where());
        }
        return parser.getLongValue();
    }

    private double finite(String text) {
        double value = Double.parseDouble(text);
        if (Double.isInfinite(value)) {
            throw new GraphException("the number " + text + " does not fit a float, at " + where());
        }
        return value;
    }

    String where() {
        return "line " + parser.currentLocation().getLineNr() + ", column "
                + parser.currentLocation().getColumnNr();
    }

    /** An object with a {@code type_name}, or a request; the parser is at its brace. */
    Object object(@Nullable JsonToken token) throws IOException {
        if (token != JsonToken.START_OBJECT) {
            throw new GraphException("expected an object, at " + where());
        }
        WireFields fields = new WireFields(where());
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken next = parser.nextToken();
            switch (field) {
                case "type_name", "name", "dtype", "function_name", "model_key" -> fields.put(field, text(field, next));
                case "object" -> fields.put(field, WireReader.read(text(field, next)));
                case "values" -> fields.put(field, values(fields.type(), next));
                case "kwargs" -> fields.put(field, map(next));
                case "nodes" -> fields.put(field, nodeMap(next));
                case "args", "invoker_inputs" -> fields.put(field, list(field, next));
                case "id", "sequential", "target", "condition", "graph", "data", "start", "stop", "step" ->
                    fields.put(field, any(next));
                default -> parser.skipChildren();
            }
        }
        return WireAssembly.assemble(fields);
    }

    private String text(String field, JsonToken token) throws IOException {
        if (token != JsonToken.VALUE_STRING) {
            throw new GraphException("'" + field + "' has to be a string, at " + where());
        }
        return parser.getText();
    }

    /** {@code values} holds values (LIST, TUPLE), a map (DICT) or nested numbers (TENSOR). */
    private Object values(@Nullable String type, JsonToken token) throws IOException {
        if (token == JsonToken.START_OBJECT) {
            return map(token);
        }
        boolean nested = type == null || type.equals("TENSOR");
        return nested ? tensors.read(token, this::any, type != null) : list("values", token);
    }

    private List<Object> list(String field, JsonToken token) throws IOException {
        if (token != JsonToken.START_ARRAY) {
            throw new GraphException("'" + field + "' has to be an array, at " + where());
        }
        List<Object> items = new ArrayList<>();
        for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
            items.add(any(next));
        }
        return items;
    }

    private Map<String, Object> map(JsonToken token) throws IOException {
        if (token != JsonToken.START_OBJECT) {
            throw new GraphException("expected an object of values by name, at " + where());
        }
        Map<String, Object> entries = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            entries.put(key, any(parser.nextToken()));
        }
        return entries;
    }

    private Map<String, Object> nodeMap(JsonToken token) throws IOException {
        if (token != JsonToken.START_OBJECT) {
            throw new GraphException("'nodes' has to be an object of NODEs by name, at " + where());
        }
        Map<String, Object> entries = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            if (++nodes > WireLimits.NODES) {
                throw new GraphException("more than " + WireLimits.NODES + " nodes; no graph may have so many");
            }
            String key = parser.currentName();
            entries.put(key, any(parser.nextToken()));
        }
        return entries;
    }

    static String describe(Object read) {
        if (read instanceof WireNode node) {
            return "the NODE '" + node.name() + "'";
        } else if (read instanceof Block block) {
            return "a " + block.getClass().getSimpleName();
        } else if (read instanceof Graph graph) {
            return "the GRAPH " + graph.id();
        } else if (read instanceof Request) {
            return "a request";
        }
        return String.valueOf(read);
    }
}
