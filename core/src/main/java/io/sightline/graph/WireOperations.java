package io.sightline.graph;

import io.sightline.graph.WireObjects.WireNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The operation that a NODE of the wire stands for: a protocol by its name, or the call of a function. */
final class WireOperations {
    private final WireNode node;

    private WireOperations(WireNode node) {
        this.node = node;
    }

    static Operation operation(WireNode node) {
        return new WireOperations(node).read();
    }

    private Operation read() {
        return switch (node.target()) {
            case Protocols.INTERVENTION -> new Operation.Intervention(place(), intAt(1), intAt(2));
            case Protocols.LOCK -> new Operation.Lock(valueAt(0));
            case Protocols.SWAP -> new Operation.Swap(referenceAt(0), valueAt(1));
            case Protocols.GRAD -> new Operation.Grad(referenceAt(0), intAt(1));
            case Protocols.APPLY_MODULE -> applyModule();
            case Protocols.BRIDGE -> new Operation.Bridge(longAt(0), textAt(1));
            case Protocols.EARLY_STOP -> new Operation.EarlyStop(values(0));
            case Protocols.CONDITIONAL -> new Operation.Conditional(valueAt(0));
            case Protocols.EXECUTE -> new Operation.Execute(blockAt(0));
            case Protocols.VALUE -> new Operation.LoopItem(node.args().isEmpty() ? Value.Constant.NONE : valueAt(0));
            case Protocols.UPDATE -> new Operation.Update(referenceAt(0), valueAt(1));
            default -> new Operation.Call(node.target(), values(0), kwargs());
        };
    }

    private Place place() {
        try {
            return Place.parse(textAt(0));
        } catch (GraphException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private Operation applyModule() {
        Map<String, Value> kwargs = kwargs();
        Value hook = kwargs.remove("hook");
        if (hook != null && hook != Value.Constant.TRUE && hook != Value.Constant.FALSE) {
            throw wrong("'hook' has to be true or false");
        }
        String path = textAt(0);
        return new Operation.ApplyModule(
                path.startsWith(".") ? path.substring(1) : path, values(1), kwargs, hook == Value.Constant.TRUE);
    }

    private Object at(int index) {
        if (index >= node.args().size()) {
            throw wrong("it needs at least " + (index + 1) + " arguments, but has "
                    + node.args().size());
        }
        return node.args().get(index);
    }

    private Value valueAt(int index) {
        return asValue(at(index));
    }

    private Value asValue(Object item) {
        if (item instanceof Value value) {
            return value;
        }
        throw wrong("an argument is " + WireObjects.describe(item) + ", which is not a value");
    }

    private Value.NodeReference referenceAt(int index) {
        if (at(index) instanceof Value.NodeReference reference) {
            return reference;
        }
        throw wrong("argument " + index + " has to be a NODE_REFERENCE");
    }

    private Block blockAt(int index) {
        if (at(index) instanceof Block block && !(block instanceof Block.Session)) {
            return block;
        }
        throw wrong("argument " + index + " has to be a TRACER or an ITERATOR");
    }

    private String textAt(int index) {
        if (at(index) instanceof Value.StringValue text) {
            return text.value();
        }
        throw wrong("argument " + index + " has to be a string");
    }

    private long longAt(int index) {
        if (at(index) instanceof Value.IntValue number) {
            return number.value();
        }
        throw wrong("argument " + index + " has to be an integer");
    }

    private int intAt(int index) {
        long number = longAt(index);
        if (number != (int) number) {
            throw wrong("argument " + index + " is out of range: " + number);
        }
        return (int) number;
    }

    private List<Value> values(int from) {
        List<Value> values = new ArrayList<>();
        for (int i = from; i < node.args().size(); i++) {
            values.add(valueAt(i));
        }
        return values;
    }

    private Map<String, Value> kwargs() {
        Map<String, Value> kwargs = new LinkedHashMap<>();
        node.kwargs().forEach((key, item) -> kwargs.put(key, asValue(item)));
        return kwargs;
    }

    private GraphException wrong(String what) {
        return new GraphException("node '" + node.name() + "' (" + node.target() + "): " + what);
    }
}
