package io.sightline.envoy;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.graph.Operation;
import io.sightline.graph.RecordedNode;
import io.sightline.graph.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stands for a value that the run will give: a module's output, or what is computed from it. Working with it adds nodes to the graph that is
 * being recorded; after the run, {@link #value()} gives what was {@linkplain #save saved}.
 *
 * <p>A proxy of a trace that has run may be used in a later one: its value is written into the graph.
 */
public final class Proxy extends TensorMethods {
    private final Recorder recorder;
    private final RecordedRun run;
    private final RecordedNode node;
    private @Nullable Proxy grad;
    private int gradOfBackward;

    Proxy(Recorder recorder, RecordedRun run, RecordedNode node) {
        this.recorder = recorder;
        this.run = run;
        this.node = node;
    }

    Recorder recorder() {
        return recorder;
    }

    RecordedRun run() {
        return run;
    }

    /** The node in the recorded graph. */
    public RecordedNode node() {
        return node;
    }

    @Override
    Proxy operator(String name, @Nullable Object... arguments) {
        return recorder.call("_operator." + name, arguments);
    }

    // ---- items and attributes --------------------------------------------------------------------------------------

    /** {@code this[index]}; several parts make a tuple. {@link Index} has slices, ellipsis and new axes. */
    public Proxy get(@Nullable Object... index) {
        return at(index).get();
    }

    /** {@code this[index]}, to be read or written. */
    public Slot at(@Nullable Object... index) {
        return new Slot(this, index.length == 1 ? index[0] : Tuple.of(index));
    }

    /** Writes {@code value} at {@code this[index]} in place; {@code set(0, all(), -1)} is {@code this[:, -1] = 0}. */
    public Proxy set(@Nullable Object value, @Nullable Object... index) {
        return at(index).set(value);
    }

    /**
     * The tensor {@code [batch, tokens, …]} at one token of the prompt, {@code [batch, …]}. Tokens are counted as {@code i} of the invoke's
     * own prompt, whatever padding other invokes bring; negative from its end.
     */
    public Proxy token(int i) {
        return atToken(i).get();
    }

    /** {@link #token}, short as in nnsight. */
    public Proxy t(int i) {
        return token(i);
    }

    /** {@link #token}, to be written. */
    public Slot atToken(int i) {
        return at(Index.all(), i < 0 ? i : i - tokens());
    }

    private int tokens() {
        int tokens = recorder.tokens();
        if (tokens == 0) {
            throw new IllegalStateException(
                    "tokens can be counted from the front only inside an invoke of a language model;"
                            + " count from the end, with a negative number");
        }
        return tokens;
    }

    /** An attribute of the value, {@code shape} or a {@code ModelOutput}'s {@code logits}. */
    public Proxy attr(String name) {
        return recorder.call("nnsight.util.fetch_attr", this, name);
    }

    /** Sets an attribute of the value. */
    public Proxy setAttr(String name, @Nullable Object value) {
        recorder.call("builtins.setattr", this, name, value);
        return this;
    }

    @Override
    public Proxy call(String method, @Nullable Object... arguments) {
        Proxy function = attr(method);
        if (method.equals("backward")) {
            function.node.graph().countBackwardPass();
        }
        return function.invoke(arguments);
    }

    /** Calls the value itself, which is a function. */
    public Proxy invoke(@Nullable Object... arguments) {
        Arguments split = Arguments.split(arguments);
        List<Value> positional = recorder.values(split.positional());
        positional.add(0, recorder.value(this));
        return recorder.record(new Operation.Call(
                "nnsight.tracing.Proxy.Proxy.proxy_call", positional, recorder.values(split.keywords())));
    }

    /** {@code this.shape}, as a proxy; {@code shape().get(0)} is one size. */
    public Proxy shape() {
        return attr("shape");
    }

    /** {@code this.dtype}, as a proxy. */
    public Proxy dtype() {
        return attr("dtype");
    }

    /** {@code this.device}, as a proxy. */
    public Proxy device() {
        return attr("device");
    }

    /** {@code len(this)} */
    public Proxy length() {
        return recorder.call("builtins.len", this);
    }

    // ---- what the run does with it ---------------------------------------------------------------------------------

    /** Keeps the value after the run. It is kept by reference: an edit in place that comes later shows in it. */
    public Proxy save() {
        run.recording().lock(node);
        return this;
    }

    /** Ends the forward pass as soon as this value is there. */
    public Proxy stop() {
        recorder.record(new Operation.EarlyStop(List.of(recorder.node(this))));
        return this;
    }

    /** Gives this node another value from here on, also from inside a loop or a trace of its session. */
    public Proxy update(@Nullable Object value) {
        Value.NodeReference target = recorder.node(this);
        return recorder.record(new Operation.Update(target, recorder.value(value)));
    }

    /** The gradient of this tensor in the next {@link #backward} recorded after it. */
    public Proxy grad() {
        int backward = node.graph().backwardPasses();
        Proxy cached = grad;
        if (cached == null || gradOfBackward != backward) {
            cached = recorder.record(new Operation.Grad(recorder.node(this), backward));
            grad = cached;
            gradOfBackward = backward;
        }
        return cached;
    }

    /** Replaces the gradient, for what comes before this tensor. */
    public void setGrad(@Nullable Object value) {
        Value.NodeReference target = recorder.node(grad());
        recorder.record(new Operation.Swap(target, recorder.value(value)));
        grad = null;
    }

    /** Differentiates this scalar; further passes need {@link #backwardRetainingGraph} here. */
    public Proxy backward() {
        return call("backward");
    }

    public Proxy backwardRetainingGraph() {
        return call("backward", Keywords.of("retain_graph", true));
    }

    // ---- after the run ---------------------------------------------------------------------------------------------

    /**
     * The saved value: a tensor, number, boolean, string, tuple, list or map, or null for None. Tensors belong to the scope that was open when the
     * trace ran, or to the model where none was.
     *
     * @throws IllegalStateException before the run, or naming the node and the place if it never got a value
     */
    public @Nullable Object value() {
        return run.value(node);
    }

    /** Whether {@link #value} has something to give. */
    public boolean hasValue() {
        return run.hasValue(node);
    }

    /**
     * The saved value as a tensor.
     *
     * @throws IllegalStateException if it is none, or is missing
     */
    public Tensor tensor() {
        return tensor(value());
    }

    /**
     * The shape as far as it is known: of the value after the run, and inside the trace by a run on shapes alone.
     *
     * @throws IllegalStateException if the value has no shape, or it depends on what the tensors hold
     */
    public long[] knownShape() {
        return tensor(run.shaped(node)).shape();
    }

    /** As {@link #knownShape}. */
    public DType knownDtype() {
        return tensor(run.shaped(node)).dtype();
    }

    /** As {@link #knownShape}. */
    public Device knownDevice() {
        return tensor(run.shaped(node)).device();
    }

    private Tensor tensor(@Nullable Object value) {
        if (value instanceof Tensor tensor) {
            return tensor;
        }
        throw new IllegalStateException("the value of '" + node.name() + "' is not a tensor but " + value
                + (value instanceof Tuple ? "; take one of its items with get(0)" : ""));
    }

    @Override
    public String toString() {
        return "Proxy(" + node.name() + ")";
    }
}
