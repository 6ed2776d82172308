package io.sightline.graph;

import io.sightline.graph.WireObjects.Request;
import io.sightline.graph.WireObjects.WireNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes what an object of the wire format stands for, from its fields. */
final class WireAssembly {
    private static final Set<String> INTEGRAL = Set.of("uint8", "int8", "int16", "int32", "int64", "bool");
    private static final Set<String> FLOATING = Set.of("float16", "bfloat16", "float32", "float64");

    private WireAssembly() {}

    static Object assemble(WireFields fields) {
        String type = fields.type();
        if (type == null) {
            if (fields.has("object")) {
                return new Request(fields.need("object", Block.class, "a graph"));
            }
            throw new GraphException("an object without 'type_name', at " + fields.where());
        }
        return switch (type) {
            case "NODE_REFERENCE" -> new Value.NodeReference(fields.string("name"));
            case "FUNCTION" -> new Value.FunctionValue(fields.string("function_name"));
            case "ELLIPSIS" -> Value.Constant.ELLIPSIS;
            case "SLICE" -> new Value.SliceValue(fields.value("start"), fields.value("stop"), fields.value("step"));
            case "LIST" -> new Value.ListValue(items(fields));
            case "TUPLE" -> new Value.TupleValue(items(fields));
            case "DICT" -> new Value.DictValue(fields.valueMap("values"));
            case "TENSOR" -> tensor(fields);
            case "NODE" -> node(fields);
            case "GRAPH" -> graph(fields);
            case "TRACER" ->
                new Block.Trace(
                        fields.valueMap("kwargs"),
                        fields.values("invoker_inputs"),
                        fields.need("graph", Graph.class, "a GRAPH"));
            case "ITERATOR" -> new Block.Loop(fields.value("data"), fields.need("graph", Graph.class, "a GRAPH"));
            case "SESSION" -> new Block.Session(fields.need("graph", Graph.class, "a GRAPH"));
            default ->
                throw new GraphException("no type '" + type
                        + "'; known: NODE, NODE_REFERENCE, FUNCTION, TENSOR, SLICE, ELLIPSIS, LIST, TUPLE, DICT, GRAPH, TRACER, "
                        + "ITERATOR, SESSION, at " + fields.where());
        };
    }

    private static List<Value> items(WireFields fields) {
        if (fields.need("values", Object.class, "an array") instanceof WireTensors.Numbers numbers) {
            if (numbers.shape().size() != 1) {
                throw new GraphException("a " + fields.type() + " holds a bare array, at " + fields.where());
            }
            List<Value> values = new ArrayList<>();
            numbers.asValues().forEach(value -> values.add((Value) value));
            return values;
        }
        return fields.values("values");
    }

    private static Value tensor(WireFields fields) {
        String dtype = fields.string("dtype");
        Object values = fields.need("values", Object.class, "numbers");
        WireTensors.Numbers numbers = values instanceof WireTensors.Numbers read
                ? read
                : values instanceof List<?> list ? WireTensors.Numbers.of(list) : null;
        if (numbers == null) {
            throw new GraphException(
                    "a TENSOR holds numbers in evenly nested arrays, nothing else, at " + fields.where());
        }
        if (INTEGRAL.contains(dtype)) {
            if (numbers.isFractional()) {
                throw new GraphException("a TENSOR of " + dtype + " holds a fraction, at " + fields.where());
            }
            return new Value.TensorValue(dtype, numbers.shape(), numbers.integers(), new double[0]);
        } else if (FLOATING.contains(dtype)) {
            return new Value.TensorValue(dtype, numbers.shape(), new long[0], numbers.floats());
        }
        throw new GraphException("no TENSOR of dtype '" + dtype
                + "'; known: uint8, int8, int16, int32, int64, bool, float16, bfloat16, float32, float64, at "
                + fields.where());
    }

    private static WireNode node(WireFields fields) {
        @Nullable String condition = null;
        if (fields.has("condition") && fields.value("condition") != Value.Constant.NONE) {
            condition = fields.need("condition", Value.NodeReference.class, "a NODE_REFERENCE")
                    .name();
        }
        return new WireNode(
                fields.string("name"),
                fields.need("target", Value.FunctionValue.class, "a FUNCTION").functionName(),
                fields.list("args"),
                fields.map("kwargs"),
                condition);
    }

    private static Graph graph(WireFields fields) {
        List<Node> nodes = new ArrayList<>();
        for (Map.Entry<String, Object> entry : fields.map("nodes").entrySet()) {
            if (!(entry.getValue() instanceof WireNode node)) {
                throw new GraphException("'" + entry.getKey() + "' of a GRAPH's nodes is "
                        + WireObjects.describe(entry.getValue()) + ", not a NODE");
            }
            if (!node.name().equals(entry.getKey())) {
                throw new GraphException(
                        "the node '" + node.name() + "' stands under the name '" + entry.getKey() + "'");
            }
            nodes.add(new Node(node.name(), WireOperations.operation(node), node.condition()));
        }
        Value sequential = fields.value("sequential");
        if (sequential != Value.Constant.TRUE && sequential != Value.Constant.FALSE) {
            throw new GraphException("'sequential' of a GRAPH has to be true or false, at " + fields.where());
        }
        return new Graph(
                fields.need("id", Value.IntValue.class, "an integer").value(),
                sequential == Value.Constant.TRUE,
                nodes);
    }
}
