package io.sightline.trace;

import io.sightline.envoy.Arguments;
import io.sightline.envoy.Envoy;
import io.sightline.envoy.Keywords;
import io.sightline.envoy.Literals;
import io.sightline.envoy.Proxy;
import io.sightline.envoy.RecordedRun;
import io.sightline.envoy.Recorder;
import io.sightline.family.LoadOptions;
import io.sightline.family.ModelKind;
import io.sightline.graph.Block;
import io.sightline.graph.Value;
import io.sightline.interleave.Interleaver;
import io.sightline.interleave.Results;
import io.sightline.interleave.RunnableModel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model to be traced: its Envoy tree, and the contexts that record interventions on it. One thread records at a time.
 *
 * <p>Saved tensors belong to the {@link io.sightline.engine.Scope} that is open when the trace runs, or, where none is, to the model until it is
 * closed: a long loop opens a scope around each round.
 *
 * @param <M> the class of the model itself
 */
public abstract sealed class TraceableModel<M extends TraceableModel<M>> implements RunnableModel, AutoCloseable
        permits LanguageModel, TracedModule {
    private static final Logger LOG = LoggerFactory.getLogger(TraceableModel.class);

    private final Recorder recorder;
    private final Envoy envoy;
    private Edits edits;

    TraceableModel(Recorder recorder, Envoy envoy, Edits edits) {
        this.recorder = recorder;
        this.envoy = envoy;
        this.edits = edits;
    }

    /** Opens a checkpoint as a {@link LanguageModel}, a net or a TorchScript file as a {@link TracedModule}; {@link ModelKind} decides. */
    public static TraceableModel<?> open(Path path, LoadOptions options) {
        return ModelKind.of(path) == ModelKind.CHECKPOINT
                ? LanguageModel.open(path, options)
                : TracedModule.open(path, options);
    }

    // ---- the tree --------------------------------------------------------------------------------------------------

    /** The root of the Envoy tree. */
    public final Envoy envoy() {
        return envoy;
    }

    /** The Envoy at a path, {@code transformer.h.5.mlp}; an unknown one is an error that names the nearest. */
    public final Envoy get(String path) {
        return envoy.get(path);
    }

    /** The root's output, what the model returns. */
    public final Proxy output() {
        return envoy.output();
    }

    // ---- contexts --------------------------------------------------------------------------------------------------

    /** Opens a trace; inputs are given with {@link Tracer#invoke}. */
    public final Tracer trace() {
        return tracer(Keywords.none());
    }

    /** Opens a trace and an invoke of these inputs. {@link Keywords} last go with the input, such as {@code labels}. */
    public final Tracer trace(Object first, @Nullable Object... more) {
        return invoked(tracer(Keywords.none()), first, more);
    }

    /** Runs the model without a trace; kept edits apply. The output's tensors belong to the current scope, or to the model. */
    public final @Nullable Object forward(Object first, @Nullable Object... more) {
        Proxy output;
        try (Tracer trace = trace(first, more)) {
            output = envoy.output().save();
            trace.run();
        }
        return output.value();
    }

    /** Opens a session. */
    public final Session session() {
        return new Session(subject());
    }

    /** Opens an edit; {@code keep()} gives a copy of this model, on the same weights, with the edit in every trace. */
    public final Editor<M> edit() {
        return new Editor<>(subject(), this::editedCopy);
    }

    /** Opens an edit of this very model. */
    public final Editor<M> editInPlace() {
        return new Editor<>(subject(), kept -> {
            edits = kept;
            return self();
        });
    }

    /** Forgets the edits made in place. */
    public final void clearEdits() {
        edits = Edits.NONE;
    }

    /** Opens a scan: inside it, shapes, dtypes and devices are known, without weights. */
    public final Scan scan(Object first, @Nullable Object... more) {
        return new Scan(subject(), join(first, more));
    }

    final Tracer tracer(Keywords kwargs) {
        Map<String, Value> written = new LinkedHashMap<>();
        kwargs.entries().forEach((name, value) -> written.put(name, Literals.of(value)));
        return new Tracer(subject(), written);
    }

    /** The trace with an invoke open; a trace whose input is refused is closed. */
    static Tracer invoked(Tracer trace, Object first, @Nullable Object... more) {
        boolean opened = false;
        try {
            trace.invoke(join(first, more));
            opened = true;
            return trace;
        } finally {
            if (!opened) {
                trace.close();
            }
        }
    }

    private static @Nullable Object[] join(Object first, @Nullable Object... more) {
        @Nullable Object[] all = new @Nullable Object[more.length + 1];
        all[0] = first;
        System.arraycopy(more, 0, all, 1, more.length);
        return all;
    }

    // ---- what the kinds of models differ in ------------------------------------------------------------------------

    abstract M self();

    abstract M editedCopy(Edits kept);

    abstract EncodedInput encode(Arguments inputs);

    /** The model as a trace of this API runs it. */
    abstract RunnableModel traced();

    /** The model as a scan runs it. */
    abstract RunnableModel scanned();

    final Recorder recorder() {
        return recorder;
    }

    private Subject subject() {
        return new Subject() {
            @Override
            public Recorder recorder() {
                return recorder;
            }

            @Override
            public Edits edits() {
                return edits;
            }

            @Override
            public EncodedInput encode(@Nullable Object... inputs) {
                return TraceableModel.this.encode(Arguments.split(inputs));
            }

            @Override
            public void execute(RecordedRun run, Block block) {
                try (Results results = Interleaver.of(block, traced()).run()) {
                    KeptValues kept = KeptValues.of(results, recorder);
                    run.complete(kept);
                    kept.missing().forEach(why -> LOG.warn("{}", why));
                }
            }

            @Override
            public ShapeScan shapes(Tracer.Recorded recorded) {
                return new ShapeScan(recorded, TraceableModel.this::scanned);
            }
        };
    }

    /** Frees the weights, and saved values that no scope owns. */
    @Override
    public void close() {
        recorder.free();
    }
}
