package io.sightline.interleave;

import io.sightline.graph.Block;
import io.sightline.graph.Graph;
import io.sightline.graph.Node;
import io.sightline.graph.Operation;
import io.sightline.graph.Place;
import io.sightline.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes small graphs down, one node a line; each line gives the node's name. */
final class GraphSketch {
    static final String ID = "7";

    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Integer> counts = new HashMap<>();

    String add(String name, Operation operation) {
        return add(name, operation, null);
    }

    String add(String name, Operation operation, @org.jspecify.annotations.Nullable String condition) {
        String numbered = name + "_" + counts.merge(name, 1, Integer::sum);
        nodes.add(new Node(numbered, operation, condition));
        return numbered;
    }

    String output(String path) {
        return at(Place.output(path), 0, 0);
    }

    String at(Place place, int group, int call) {
        return add("InterventionProtocol", new Operation.Intervention(place, group, call));
    }

    String save(String node) {
        add("LockProtocol", new Operation.Lock(ref(node)));
        return node;
    }

    String swap(String target, String value) {
        return add("SwapProtocol", new Operation.Swap(ref(target), ref(value)));
    }

    String grad(String node, int pass) {
        return add("GradProtocol", new Operation.Grad(ref(node), pass));
    }

    /** A call by the function's last name: {@code _operator.}, {@code builtins.} and {@code torch.} are tried in turn. */
    String call(String function, Object... arguments) {
        return add(
                function.substring(function.lastIndexOf('.') + 1),
                new Operation.Call(
                        function,
                        Arrays.stream(arguments).map(GraphSketch::value).toList(),
                        Map.of()));
    }

    /** {@code node.method(arguments…)}. */
    String method(String node, String method, Object... arguments) {
        String attribute = call("nnsight.util.fetch_attr", ref(node), method);
        List<Object> all = new ArrayList<>(List.of(ref(attribute)));
        all.addAll(Arrays.asList(arguments));
        return call("nnsight.tracing.Proxy.Proxy.proxy_call", all.toArray());
    }

    static Value.NodeReference ref(String node) {
        return new Value.NodeReference(node);
    }

    static Value value(Object object) {
        if (object instanceof Value value) {
            return value;
        } else if (object instanceof Integer number) {
            return new Value.IntValue(number);
        } else if (object instanceof Double number) {
            return new Value.FloatValue(number);
        } else if (object instanceof Boolean bool) {
            return Value.Constant.of(bool);
        } else if (object instanceof String text) {
            return new Value.StringValue(text);
        }
        throw new IllegalArgumentException("no value: " + object);
    }

    static final Value ALL = new Value.SliceValue(Value.Constant.NONE, Value.Constant.NONE, Value.Constant.NONE);

    static Value tensor(double[] values, long... shape) {
        return new Value.TensorValue("float32", Arrays.stream(shape).boxed().toList(), new long[0], values);
    }

    /** One invoke of {@code rows} rows of {@code width} numbers. */
    static Value rows(int rows, int width) {
        double[] values = new double[rows * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.sin(i + 1);
        }
        return new Value.TupleValue(List.of(tensor(values, rows, width)));
    }

    Block trace(Value... invokes) {
        return new Block.Trace(Map.of(), List.of(invokes), new Graph(7, false, nodes));
    }
}
