package io.sightline.trace;

import io.sightline.envoy.Proxy;
import io.sightline.envoy.RecordedRun;
import io.sightline.envoy.Recorder;
import io.sightline.graph.Operation;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What can be recorded in any context: calls of functions, conditions, Python's builtins, output. */
public abstract sealed class Context implements AutoCloseable permits Tracer, Session, Loop, Editor, Scan {
    private final Recorder recorder;

    Context(Recorder recorder) {
        this.recorder = recorder;
    }

    final Recorder recorder() {
        return recorder;
    }

    final RecordedRun openRun() {
        RecordedRun run = recorder.run();
        if (run == null || !run.isRecording()) {
            throw new IllegalStateException("this context has ended");
        }
        return run;
    }

    /**
     * Records the call of a function that may take no proxy at all: {@code apply("torch.zeros", 2, 3)}.
     *
     * @param function as in Python, or as on the wire
     * @param arguments positional arguments; {@link io.sightline.envoy.Keywords} last, if any
     */
    public final Proxy apply(String function, @Nullable Object... arguments) {
        openRun();
        return recorder.call(function, arguments);
    }

    /** What is recorded until the condition is closed runs only where {@code condition}, a boolean or a proxy, is true. */
    public final Condition cond(Object condition) {
        return new Condition(openRun().recording().current(), recorder.value(condition));
    }

    /** Prints the values when the run comes to this point. */
    public final void log(@Nullable Object... values) {
        apply("print", values);
    }

    /** An empty Python list, to be filled with {@code call("append", …)}. */
    public final Proxy list() {
        return apply("list");
    }

    /** A Python list of {@code items}. */
    public final Proxy list(Object items) {
        return apply("list", items);
    }

    public final Proxy tuple(Object items) {
        return apply("tuple", items);
    }

    public final Proxy set(Object items) {
        return apply("set", items);
    }

    public final Proxy dict(Map<String, ?> entries) {
        return apply("dict", entries);
    }

    /** Python's {@code int(value)}. */
    public final Proxy asInt(Object value) {
        return apply("int", value);
    }

    /** Python's {@code float(value)}. */
    public final Proxy asFloat(Object value) {
        return apply("float", value);
    }

    /** Python's {@code bool(value)}. */
    public final Proxy asBool(Object value) {
        return apply("bool", value);
    }

    /** Python's {@code str(value)}. */
    public final Proxy asString(Object value) {
        return apply("str", value);
    }

    final void stopHere() {
        openRun().recording().add(new Operation.EarlyStop(List.of()));
    }

    /** Ends the context; if it was not run before, nothing of it is. Closing twice does nothing. */
    @Override
    public abstract void close();
}
