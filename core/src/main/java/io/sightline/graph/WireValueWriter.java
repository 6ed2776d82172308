package io.sightline.graph;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Writes the values of the wire format. */
final class WireValueWriter implements ValueVisitor<Void> {
    private final JsonGenerator out;

    WireValueWriter(JsonGenerator out) {
        this.out = out;
    }

    void write(Value value) {
        value.accept(this);
    }

    void open(String type) throws IOException {
        out.writeStartObject();
        out.writeStringField("type_name", type);
    }

    void listField(String name, List<Value> items) throws IOException {
        out.writeArrayFieldStart(name);
        items.forEach(this::write);
        out.writeEndArray();
    }

    void mapField(String name, Map<String, Value> entries) throws IOException {
        out.writeObjectFieldStart(name);
        for (Map.Entry<String, Value> entry : entries.entrySet()) {
            out.writeFieldName(entry.getKey());
            write(entry.getValue());
        }
        out.writeEndObject();
    }

    private interface Writing {
        void run() throws IOException;
    }

    @SuppressWarnings("NullAway") // Void has no other value
    private Void writing(Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return null;
    }

    private Void object(String type, Writing fields) {
        return writing(() -> {
            open(type);
            fields.run();
            out.writeEndObject();
        });
    }

    @Override
    public Void reference(Value.NodeReference reference) {
        return object("NODE_REFERENCE", () -> out.writeStringField("name", reference.name()));
    }

    @Override
    public Void constant(Value.Constant constant) {
        return switch (constant) {
            case NONE -> writing(out::writeNull);
            case TRUE, FALSE -> writing(() -> out.writeBoolean(constant == Value.Constant.TRUE));
            case ELLIPSIS -> object("ELLIPSIS", () -> {});
        };
    }

    @Override
    public Void integer(Value.IntValue integer) {
        return writing(() -> out.writeNumber(integer.value()));
    }

    @Override
    public Void floating(Value.FloatValue floating) {
        return writing(() -> number(floating.value()));
    }

    private void number(double value) throws IOException {
        if (!Double.isFinite(value)) {
            throw new GraphException(
                    "the constant " + value
                            + " can't be written: JSON has no NaN and no Infinity; make it in the graph with builtins.float('nan') or ('-inf')");
        }
        out.writeNumber(value);
    }

    @Override
    public Void string(Value.StringValue string) {
        return writing(() -> out.writeString(string.value()));
    }

    @Override
    public Void slice(Value.SliceValue slice) {
        return object("SLICE", () -> {
            out.writeFieldName("start");
            write(slice.start());
            out.writeFieldName("stop");
            write(slice.stop());
            out.writeFieldName("step");
            write(slice.step());
        });
    }

    @Override
    public Void list(Value.ListValue list) {
        return object("LIST", () -> listField("values", list.items()));
    }

    @Override
    public Void tuple(Value.TupleValue tuple) {
        return object("TUPLE", () -> listField("values", tuple.items()));
    }

    @Override
    public Void dict(Value.DictValue dict) {
        return object("DICT", () -> mapField("values", dict.entries()));
    }

    @Override
    public Void function(Value.FunctionValue function) {
        return object("FUNCTION", () -> out.writeStringField("function_name", function.functionName()));
    }

    @Override
    public Void tensor(Value.TensorValue tensor) {
        return object("TENSOR", () -> {
            out.writeFieldName("values");
            elements(tensor, 0, 0);
            out.writeStringField("dtype", tensor.dtype());
        });
    }

    /** Writes dimension {@code dimension} from element {@code from} on; gives the next element. */
    private int elements(Value.TensorValue tensor, int dimension, int from) throws IOException {
        if (dimension == tensor.shape().size()) {
            element(tensor, from);
            return from + 1;
        }
        out.writeStartArray();
        int next = from;
        for (long i = 0; i < tensor.shape().get(dimension); i++) {
            next = elements(tensor, dimension + 1, next);
        }
        out.writeEndArray();
        return next;
    }

    private void element(Value.TensorValue tensor, int index) throws IOException {
        if (tensor.isFloating()) {
            number(tensor.floatAt(index));
        } else if (tensor.dtype().equals("bool")) {
            out.writeBoolean(tensor.integerAt(index) != 0);
        } else {
            out.writeNumber(tensor.integerAt(index));
        }
    }
}
