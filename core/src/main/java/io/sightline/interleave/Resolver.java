package io.sightline.interleave;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Ellipsis;
import io.sightline.engine.Slice;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.graph.Value;
import io.sightline.graph.ValueVisitor;
import io.sightline.interleave.function.Whitelist;
import io.sightline.python.PythonDict;
import io.sightline.python.PythonList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns the values of a graph into the objects that functions take. Tensors that were written out are made anew in the current scope. */
@SuppressWarnings("NullAway") // a visitor of values that may be None, which the checker has no way to say
final class Resolver implements ValueVisitor<@Nullable Object> {
    private final Function<String, @Nullable Object> node;
    private final Device device;

    /**
     * @param node gives a node's value by name
     * @param device where written-out tensors go
     */
    Resolver(Function<String, @Nullable Object> node, Device device) {
        this.node = node;
        this.device = device;
    }

    @Nullable
    Object resolve(Value value) {
        return value.accept(this);
    }

    List<@Nullable Object> resolve(List<Value> values) {
        List<@Nullable Object> resolved = new ArrayList<>(values.size());
        values.forEach(value -> resolved.add(resolve(value)));
        return resolved;
    }

    Map<String, @Nullable Object> resolve(Map<String, Value> values) {
        if (values.isEmpty()) {
            return Map.of();
        }
        Map<String, @Nullable Object> resolved = new LinkedHashMap<>();
        values.forEach((key, value) -> resolved.put(key, resolve(value)));
        return resolved;
    }

    @Override
    public @Nullable Object reference(Value.NodeReference reference) {
        return node.apply(reference.name());
    }

    @Override
    public @Nullable Object constant(Value.Constant constant) {
        return switch (constant) {
            case NONE -> null;
            case TRUE -> true;
            case FALSE -> false;
            case ELLIPSIS -> Ellipsis.ELLIPSIS;
        };
    }

    @Override
    public Object integer(Value.IntValue integer) {
        return integer.value();
    }

    @Override
    public Object floating(Value.FloatValue floating) {
        return floating.value();
    }

    @Override
    public Object string(Value.StringValue string) {
        return string.value();
    }

    @Override
    public Object slice(Value.SliceValue slice) {
        return new Slice(resolve(slice.start()), resolve(slice.stop()), resolve(slice.step()));
    }

    @Override
    public Object list(Value.ListValue list) {
        return new PythonList(resolve(list.items()));
    }

    @Override
    public Object tuple(Value.TupleValue tuple) {
        return Tuple.copyOf(resolve(tuple.items()));
    }

    @Override
    public Object dict(Value.DictValue dict) {
        PythonDict entries = new PythonDict();
        dict.entries().forEach((key, value) -> entries.put(key, resolve(value)));
        return entries;
    }

    @Override
    public Object function(Value.FunctionValue function) {
        return Whitelist.require(function.functionName());
    }

    @Override
    public Object tensor(Value.TensorValue tensor) {
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        Tensor made = tensor.isFloating() ? Tensor.of(tensor.floats(), shape) : Tensor.of(tensor.integers(), shape);
        return made.to(DType.parse(tensor.dtype())).to(device);
    }
}
