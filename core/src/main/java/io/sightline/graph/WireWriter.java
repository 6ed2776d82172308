package io.sightline.graph;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Writes graphs in nnsight 0.3's wire format, as {@link WireReader} reads them and as nnsight's own schema accepts them. */
public final class WireWriter {
    private final JsonGenerator out;
    private final WireValueWriter values;

    private WireWriter(JsonGenerator out) {
        this.out = out;
        this.values = new WireValueWriter(out);
    }

    /**
     * The bare object, a TRACER or a SESSION.
     *
     * @throws GraphException if a constant is NaN or infinite, which JSON cannot hold
     */
    public static String write(Block block) {
        return json(out -> new WireWriter(out).block(block));
    }

    /** The whole request: the object as a string under {@code object}, and the {@code model_key}. */
    public static String writeRequest(Block block, String modelKey) {
        String object = write(block);
        return json(out -> {
            out.writeStartObject();
            out.writeStringField("object", object);
            out.writeStringField("model_key", modelKey);
            out.writeEndObject();
        });
    }

    private interface Writing {
        void to(JsonGenerator out) throws IOException;
    }

    private static String json(Writing writing) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = WireReader.JSON.createGenerator(text)) {
            writing.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private void block(Block block) throws IOException {
        if (block instanceof Block.Trace trace) {
            values.open("TRACER");
            values.mapField("kwargs", trace.kwargs());
            values.listField("invoker_inputs", trace.invokerInputs());
        } else if (block instanceof Block.Loop loop) {
            values.open("ITERATOR");
            out.writeFieldName("data");
            values.write(loop.data());
        } else {
            values.open("SESSION");
        }
        out.writeFieldName("graph");
        graph(block.graph());
        out.writeEndObject();
    }

    private void graph(Graph graph) throws IOException {
        values.open("GRAPH");
        out.writeNumberField("id", graph.id());
        out.writeBooleanField("sequential", graph.sequential());
        out.writeObjectFieldStart("nodes");
        for (Node node : graph.nodes()) {
            out.writeFieldName(node.name());
            node(node);
        }
        out.writeEndObject();
        out.writeEndObject();
    }

    private void node(Node node) throws IOException {
        WireNodeForm form = WireNodeForm.of(node.operation());
        values.open("NODE");
        out.writeStringField("name", node.name());
        out.writeFieldName("target");
        values.write(new Value.FunctionValue(form.target()));
        if (node.operation() instanceof Operation.Execute execute) {
            out.writeArrayFieldStart("args");
            block(execute.block());
            out.writeEndArray();
        } else {
            arguments(form.args(), form.kwargs());
        }
        if (node.condition() != null) {
            out.writeFieldName("condition");
            values.write(new Value.NodeReference(node.condition()));
        }
        out.writeEndObject();
    }

    /** nnsight leaves both out where they are empty. */
    private void arguments(List<Value> args, Map<String, Value> kwargs) throws IOException {
        if (!args.isEmpty()) {
            values.listField("args", args);
        }
        if (!kwargs.isEmpty()) {
            values.mapField("kwargs", kwargs);
        }
    }
}
