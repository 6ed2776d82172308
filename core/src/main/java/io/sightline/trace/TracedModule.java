package io.sightline.trace;

import io.sightline.engine.Device;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.envoy.Arguments;
import io.sightline.envoy.Envoy;
import io.sightline.envoy.RecordedRun;
import io.sightline.envoy.Recorder;
import io.sightline.family.LoadOptions;
import io.sightline.family.PretrainedModel;
import io.sightline.graph.Value;
import io.sightline.interleave.PreparedBatch;
import io.sightline.interleave.RunnableModel;
import io.sightline.nn.Args;
import io.sightline.nn.Module;
import io.sightline.nn.Parameter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Any module tree to be traced, your own net or one from a model.json: nnsight's {@code NNsight}. Inputs are the module's own
 * arguments, tensors with the batch as first dimension; invokes are concatenated.
 */
public final class TracedModule extends TraceableModel<TracedModule> {
    private final Module module;
    private final @Nullable PretrainedModel loaded;
    private final boolean copy;

    private TracedModule(
            Module module,
            Recorder recorder,
            Envoy envoy,
            Edits edits,
            @Nullable PretrainedModel loaded,
            boolean copy) {
        super(recorder, envoy, edits);
        this.module = module;
        this.loaded = loaded;
        this.copy = copy;
    }

    /** Wraps a module tree, whose weights stay the caller's. */
    public static TracedModule over(Module module) {
        Recorder recorder = new Recorder();
        return new TracedModule(module, recorder, Envoy.over(module, recorder), Edits.NONE, null, false);
    }

    /** Opens a directory with a model.json and its weights, or a TorchScript file. */
    public static TracedModule open(Path directory, LoadOptions options) {
        PretrainedModel loaded = PretrainedModel.open(directory, options);
        Recorder recorder = new Recorder();
        Envoy envoy = Envoy.over(loaded.module(), recorder);
        return new TracedModule(loaded.module(), recorder, envoy, Edits.NONE, loaded, false);
    }

    @Override
    public Module module() {
        return module;
    }

    @Override
    public Device device() {
        return module.namedParameters().values().stream()
                .filter(Parameter::isBound)
                .findFirst()
                .map(parameter -> parameter.tensor().device())
                .orElse(Device.CPU);
    }

    /** Concatenates the invokes' arguments, position by position, along the first dimension. */
    @Override
    public PreparedBatch prepare(List<@Nullable Object> invokerInputs) {
        List<Tuple> invokes = new ArrayList<>();
        for (Object input : invokerInputs) {
            invokes.add(input instanceof Tuple tuple ? tuple : Tuple.of(input));
        }
        int[] rows = invokes.stream().mapToInt(TracedModule::rows).toArray();
        List<@Nullable Object> args = new ArrayList<>();
        for (int i = 0; i < invokes.get(0).size(); i++) {
            args.add(joined(invokes, i));
        }
        return new PreparedBatch(new Args(args, Map.of()), rows);
    }

    private static int rows(Tuple inputs) {
        if (!inputs.isEmpty() && inputs.get(0) instanceof Tensor first && first.dimensions() > 0) {
            return Math.toIntExact(first.size(0));
        }
        return 1;
    }

    private @Nullable Object joined(List<Tuple> invokes, int position) {
        List<Tensor> parts = new ArrayList<>();
        for (Tuple invoke : invokes) {
            if (invoke.size() != invokes.get(0).size()) {
                throw new IllegalArgumentException("the invokes have different numbers of arguments: "
                        + invokes.get(0).size() + " and " + invoke.size());
            }
            if (invoke.get(position) instanceof Tensor tensor) {
                parts.add(tensor.to(device()));
            }
        }
        if (parts.isEmpty()) {
            return invokes.get(0).get(position);
        }
        return parts.size() == 1 ? parts.get(0) : Tensor.cat(parts, 0);
    }

    @Override
    public @Nullable Object execute(PreparedBatch batch, Map<String, @Nullable Object> kwargs) {
        Args args = batch.args();
        for (Map.Entry<String, @Nullable Object> keyword : kwargs.entrySet()) {
            args = args.with(keyword.getKey(), keyword.getValue());
        }
        return module.call(args);
    }

    @Override
    EncodedInput encode(Arguments inputs) {
        if (!inputs.keywords().entries().isEmpty()) {
            throw new IllegalArgumentException("a plain module's inputs are positional");
        }
        RecordedRun run = recorder().run();
        List<Value> values = new ArrayList<>();
        for (Object input : inputs.positional()) {
            values.add(run == null ? recorder().value(input) : Bridged.keep(run, recorder(), input));
        }
        return new EncodedInput(new Value.TupleValue(values), 0);
    }

    @Override
    RunnableModel traced() {
        return this;
    }

    /** The weights of a net are already loaded, so a scan runs the net itself. */
    @Override
    RunnableModel scanned() {
        return this;
    }

    @Override
    TracedModule self() {
        return this;
    }

    @Override
    TracedModule editedCopy(Edits kept) {
        return new TracedModule(module, recorder(), envoy(), kept, loaded, true);
    }

    @Override
    public void close() {
        if (!copy) {
            super.close();
            if (loaded != null) {
                loaded.close();
            }
        }
    }
}
