package io.sightline.envoy;

import io.sightline.engine.Tensor;
import io.sightline.graph.GraphException;
import io.sightline.graph.Operation;
import io.sightline.graph.RecordedNode;
import io.sightline.graph.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the Envoys and proxies of one model write to: the context that is open now. One thread records at a time.
 *
 * <p>Contexts open and close it; users have no need of it.
 */
public final class Recorder {
    private @Nullable RecordedRun run;
    private @Nullable TraceScope trace;
    private long proxyEpoch;
    private long callEpoch;
    private int callsAhead;
    private final List<Tensor> owned = new ArrayList<>();
    private int ownedAfterPruning;

    /**
     * What the open trace or invoke says about places.
     *
     * @param batchGroup the invoke's number, -1 for all rows
     * @param tokens how many tokens wide the invoke's input is; 0 where that means nothing
     * @param editing whether an edit is being recorded
     */
    public record TraceScope(int batchGroup, int tokens, boolean editing) {}

    // ---- for contexts ----------------------------------------------------------------------------------------------

    /** Starts to record, for the outermost context. */
    public void begin(RecordedRun started) {
        if (run != null && run.isRecording()) {
            throw new IllegalStateException("a context of this model is open already; close it before opening another");
        }
        run = started;
    }

    public void end() {
        run = null;
        leaveTrace();
    }

    public @Nullable RecordedRun run() {
        return run;
    }

    /** Enters a trace or one of its invokes: calls count from 0 again. */
    public void enter(TraceScope scope) {
        trace = scope;
        reset();
    }

    public void leaveTrace() {
        trace = null;
        reset();
    }

    private void reset() {
        proxyEpoch++;
        callEpoch++;
        callsAhead = 0;
    }

    /** Moves every module's places {@code calls} calls on. */
    public void next(int calls) {
        callsAhead += calls;
        proxyEpoch++;
    }

    /** Forgets the proxies of places, so that they are made anew. */
    public void forgetProxies() {
        proxyEpoch++;
    }

    /** Takes over a tensor until the model is closed. */
    public void own(Tensor tensor) {
        if (owned.size() >= 2 * ownedAfterPruning + 64) {
            owned.removeIf(Tensor::isClosed);
            ownedAfterPruning = owned.size();
        }
        owned.add(tensor);
    }

    /** Frees what {@link #own} took over. */
    public void free() {
        owned.forEach(Tensor::close);
        owned.clear();
    }

    // ---- for Envoys and proxies ------------------------------------------------------------------------------------

    boolean isTracing() {
        return trace != null;
    }

    TraceScope trace() {
        if (trace == null) {
            throw new IllegalStateException(
                    "no trace or invoke is open: places are read and set inside trace(input), or inside an invoke of trace()");
        }
        return trace;
    }

    int tokens() {
        return trace == null ? 0 : trace.tokens();
    }

    long proxyEpoch() {
        return proxyEpoch;
    }

    long callEpoch() {
        return callEpoch;
    }

    int callsAhead() {
        return callsAhead;
    }

    RecordedRun openRun() {
        if (run == null || !run.isRecording()) {
            throw new IllegalStateException("no context is open; open one with trace, generate, session, edit or scan");
        }
        return run;
    }

    /** Adds a node to the innermost open graph. */
    public Proxy record(Operation operation) {
        return proxy(openRun().recording().add(operation));
    }

    /** A proxy of a node of the open recording. */
    public Proxy proxy(RecordedNode node) {
        return new Proxy(this, openRun(), node);
    }

    /** What stands for {@code value} in the innermost open graph. */
    public Value value(@Nullable Object value) {
        return new Literals(this::reference).write(value);
    }

    List<Value> values(@Nullable Object... values) {
        List<Value> written = new ArrayList<>(values.length);
        for (Object value : values) {
            written.add(value(value));
        }
        return written;
    }

    Map<String, Value> values(Keywords keywords) {
        Map<String, Value> written = new LinkedHashMap<>();
        keywords.entries().forEach((name, value) -> written.put(name, value(value)));
        return written;
    }

    /** A value of this recording is referred to; one of a recording that has run is written out. */
    private Value reference(Proxy proxy) {
        RecordedRun current = openRun();
        if (proxy.run() == current) {
            return current.recording().bring(proxy.node());
        }
        return Literals.of(proxy.value());
    }

    /** A reference where a node must stand. */
    Value.NodeReference node(Proxy proxy) {
        if (reference(proxy) instanceof Value.NodeReference reference) {
            return reference;
        }
        throw new GraphException(
                "'" + proxy.node().name() + "' is of a trace that has ended; this needs a value of the open one");
    }

    /** Calls a function by its wire name; the last argument may be {@link Keywords}. */
    public Proxy call(String function, @Nullable Object... arguments) {
        Arguments split = Arguments.split(arguments);
        List<Value> positional = values(split.positional());
        return record(new Operation.Call(FunctionNames.onTheWire(function), positional, values(split.keywords())));
    }
}
