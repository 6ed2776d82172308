package io.sightline.trace;

import io.sightline.envoy.Recorder;
import io.sightline.graph.Block;
import io.sightline.graph.GraphBuilder;
import io.sightline.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of the model, being recorded.
 *
 * <pre>{@code
 * Proxy hidden;
 * try (Tracer trace = model.trace("The Eiffel Tower is in the city of")) {
 *     hidden = model.get("transformer.h.5").output().get(0).save();
 *     trace.run();
 * }
 * hidden.tensor();
 * }</pre>
 *
 * <p>Inside a session, {@code run()} makes the trace a part of the session, which runs it.
 */
public final class Tracer extends Context {
    private final Subject model;
    private final Recorded recorded;
    private final OpenContext context;
    private final ShapeScan shapes;
    private @Nullable Invoker invoker;

    /** What a trace consists of so far. */
    record Recorded(Map<String, Value> kwargs, List<Value> inputs, GraphBuilder graph) {
        Block.Trace block() {
            return new Block.Trace(kwargs, inputs, graph.build());
        }
    }

    /** @param kwargs the model's own, such as {@code max_new_tokens} */
    Tracer(Subject model, Map<String, Value> kwargs) {
        super(model.recorder());
        this.model = model;
        this.recorded = new Recorded(
                kwargs, new ArrayList<>(), GraphBuilder.dataDriven(model.edits().nodes()));
        this.context = OpenContext.open(recorder(), recorded.graph());
        this.shapes = model.shapes(recorded);
        context.run().scanWith(shapes);
    }

    /**
     * Opens an invoke: an input of its own, whose rows are batched with those of the trace's other invokes.
     *
     * @param inputs as {@code trace} takes them
     * @throws IllegalStateException if another invoke is open
     */
    public Invoker invoke(@Nullable Object... inputs) {
        if (invoker != null) {
            throw new IllegalStateException("Can't create an invoker context with one already open!");
        }
        context.checkOpen();
        EncodedInput input = model.encode(inputs);
        recorded.inputs().add(input.value());
        recorder().enter(new Recorder.TraceScope(recorded.inputs().size() - 1, input.tokens(), false));
        Invoker opened = new Invoker(this);
        invoker = opened;
        return opened;
    }

    void end(Invoker closing) {
        if (invoker == closing) {
            invoker = null;
            recorder().leaveTrace();
        }
    }

    /** What was recorded so far, as data: to be kept, sent, or written out with {@code WireWriter}. */
    public Block.Trace block() {
        return recorded.block();
    }

    /** Moves all modules on to their next call, such as the next step of a generation. */
    public void next() {
        next(1);
    }

    public void next(int calls) {
        recorder().next(calls);
    }

    /**
     * Runs what was recorded; the last line of the block.
     *
     * @throws io.sightline.graph.GraphException naming the node that is wrong or failed
     */
    public void run() {
        context.checkOpen();
        if (recorded.inputs().isEmpty()) {
            throw new IllegalStateException("Can't execute on no inputs!");
        }
        invoker = null;
        recorder().leaveTrace();
        context.finish(run -> model.execute(run, recorded.block()), recorded::block);
    }

    @Override
    public void close() {
        invoker = null;
        shapes.close();
        context.close();
    }
}
