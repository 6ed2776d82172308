package io.sightline.envoy;

import io.sightline.engine.Device;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.graph.Operation;
import io.sightline.graph.Port;
import io.sightline.graph.Value;
import io.sightline.nn.Args;
import io.sightline.nn.AttentionModule;
import io.sightline.nn.Module;
import io.sightline.nn.ModuleList;
import io.sightline.nn.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands for one module of a model: it names the module's input and output inside a trace, and mirrors its children.
 *
 * <pre>{@code
 * Envoy mlp = model.get("transformer.h.5.mlp");
 * Proxy after = mlp.output();
 * mlp.setOutput(after.mul(0.5));
 * }</pre>
 */
public final class Envoy extends EnvoyTree {
    private static final Logger LOG = LoggerFactory.getLogger(Envoy.class);

    private final Recorder recorder;
    private final Clashes clashes;
    private final Values values;

    private Envoy(Module module, String path, Recorder recorder, Clashes clashes) {
        super(module, path);
        this.recorder = recorder;
        this.clashes = clashes;
        this.values = new Values(recorder, place(path));
        module.namedChildren().forEach(this::adopt);
    }

    /** The tree of a model. */
    public static Envoy over(Module root, Recorder recorder) {
        return over(root, recorder, LOG::warn);
    }

    /** The tree of a model, with its warnings given to {@code warn}. */
    public static Envoy over(Module root, Recorder recorder, Consumer<String> warn) {
        return new Envoy(root, "", recorder, new Clashes(warn));
    }

    @Override
    Envoy self() {
        return this;
    }

    private Envoy adopt(String name, Module child) {
        clashes.check(module.className(), name);
        Envoy envoy = new Envoy(child, path + "." + name, recorder, clashes);
        children.put(name, envoy);
        return envoy;
    }

    // ---- the tree --------------------------------------------------------------------------------------------------

    /** Mounts your own module in the model, under {@code name}: it can be called, hooked and edited as any other. */
    public Envoy set(String name, Module mounted) {
        module.mount(name, mounted);
        return adopt(name, mounted);
    }

    /** Puts another model of the same architecture behind this tree, module for module by position; mounted modules move over. */
    public void update(Module other) {
        List<Module> theirs = new ArrayList<>(other.namedChildren().values());
        int position = 0;
        for (Map.Entry<String, Envoy> child : children.entrySet()) {
            if (position < theirs.size()) {
                child.getValue().update(theirs.get(position++));
            } else {
                other.mount(child.getKey(), child.getValue().module);
            }
        }
        module = other;
    }

    /**
     * Moves the weights to a device.
     *
     * @return this Envoy
     */
    public Envoy to(Device device) {
        for (Parameter parameter : parameters().values()) {
            if (parameter.isBound() && !parameter.tensor().device().equals(device)) {
                Tensor there = parameter.tensor().to(device).release();
                recorder.own(there);
                parameter.tensor().close();
                parameter.bind(there);
            }
        }
        return this;
    }

    // ---- values ----------------------------------------------------------------------------------------------------

    /** The module's output, the same proxy until it is set. A ModuleList has none; see {@link #childOutputs}. */
    public Proxy output() {
        checkCalled("childOutputs");
        return values.at(Port.OUTPUT);
    }

    /** Replaces the output for what comes after. */
    public void setOutput(@Nullable Object value) {
        checkCalled("childOutputs");
        values.set(Port.OUTPUT, value);
    }

    /** The arguments, {@code ((args…), {kwargs…})}. */
    public Proxy inputs() {
        checkCalled("childInputs");
        return values.at(Port.INPUT);
    }

    /** Replaces the arguments; a value of the form {@code Tuple.of(Tuple.of(args…), Map.of(…))}. */
    public void setInputs(@Nullable Object value) {
        checkCalled("childInputs");
        values.set(Port.INPUT, value);
    }

    /**
     * An attention module's probabilities after the softmax, {@code [batch, heads, query, key]}. The module runs eagerly in this trace.
     *
     * @throws IllegalStateException if the module is not attention itself
     */
    public Proxy probabilities() {
        return pattern(Port.PROBABILITIES);
    }

    /** Replaces the probabilities: the module goes on with these. */
    public void setProbabilities(@Nullable Object value) {
        pattern(Port.PROBABILITIES);
        values.set(Port.PROBABILITIES, value);
    }

    /** As {@link #probabilities}, the scores that the softmax is taken of: scaled and masked. */
    public Proxy scores() {
        return pattern(Port.SCORES);
    }

    /** Replaces the scores: the softmax is taken of these. */
    public void setScores(@Nullable Object value) {
        pattern(Port.SCORES);
        values.set(Port.SCORES, value);
    }

    private Proxy pattern(Port port) {
        if (module instanceof AttentionModule) {
            return values.at(port);
        }
        String nearest = namedModules(envoy -> envoy.module instanceof AttentionModule).keySet().stream()
                .findFirst()
                .map(found -> "; take '" + (found.startsWith(".") ? found.substring(1) : found) + "'")
                .orElse("");
        throw new IllegalStateException("'" + place(path) + "' has no " + port + ": it is a " + module.className()
                + ", not an attention module" + nearest);
    }

    /** The first positional argument. */
    public Proxy input() {
        return inputs().get(0).get(0);
    }

    /** Replaces the first positional argument. */
    public void setInput(@Nullable Object value) {
        Proxy others = inputs().get(0).get(Index.slice(1, null));
        Proxy positional = others.radd(Tuple.of(value));
        Proxy keywords = inputs().get(Index.slice(1, null));
        setInputs(keywords.radd(Tuple.of(positional)));
    }

    /** The outputs of the children, in order: what nnsight gives as a ModuleList's {@code output}. */
    public List<Proxy> childOutputs() {
        return children.values().stream().map(Envoy::output).toList();
    }

    /** The inputs of the children, in order: what nnsight gives as a ModuleList's {@code input}. */
    public List<Proxy> childInputs() {
        return children.values().stream().map(Envoy::input).toList();
    }

    private void checkCalled(String instead) {
        if (module instanceof ModuleList) {
            throw new IllegalStateException("'" + place(path) + "' is a ModuleList, which is never called; " + instead
                    + "() gives those of its " + children.size() + " modules");
        }
    }

    /** Moves on to the module's next call: a generation step, or a module that is called twice. */
    public Envoy next() {
        return next(1);
    }

    /** Moves on by {@code calls} calls of this module. */
    public Envoy next(int calls) {
        values.next(calls);
        return this;
    }

    // ---- calling ---------------------------------------------------------------------------------------------------

    /**
     * Inside a trace: records a call of the module's forward, without its hooks (inside an edit: with them).
     *
     * @param arguments positional arguments, {@link Keywords} last, if any
     */
    public Proxy call(@Nullable Object... arguments) {
        return call(recorder.trace().editing(), arguments);
    }

    /** As {@link #call}, with the module's hooks, so that what happens inside can be read and edited. */
    public Proxy callWithHooks(@Nullable Object... arguments) {
        return call(true, arguments);
    }

    private Proxy call(boolean hooked, @Nullable Object... arguments) {
        recorder.trace();
        Arguments split = Arguments.split(arguments);
        List<Value> positional = recorder.values(split.positional());
        return recorder.record(
                new Operation.ApplyModule(place(path), positional, recorder.values(split.keywords()), hooked));
    }

    /** Outside a trace: runs the module, on its weights' device. Tensors in the result belong to the current scope. */
    public @Nullable Object run(@Nullable Object... arguments) {
        if (recorder.isTracing()) {
            throw new IllegalStateException("inside a trace a module is called with call(…), which records it");
        }
        Device device = parameters().values().stream()
                .filter(Parameter::isBound)
                .findFirst()
                .map(parameter -> parameter.tensor().device())
                .orElse(Device.CPU);
        Arguments split = Arguments.split(arguments);
        List<@Nullable Object> positional = new ArrayList<>();
        for (Object argument : split.positional()) {
            positional.add(argument instanceof Tensor tensor ? tensor.to(device) : argument);
        }
        return module.call(new Args(positional, split.keywords().entries()));
    }

    /** torch's {@code repr} of the module. */
    @Override
    public String toString() {
        return module.toString();
    }
}
