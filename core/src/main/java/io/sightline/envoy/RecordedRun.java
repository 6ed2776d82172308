package io.sightline.envoy;

import io.sightline.graph.RecordedNode;
import io.sightline.graph.Recording;
import org.jspecify.annotations.Nullable;

/** One outermost context from its opening to its values: what was recorded, then what the run gave. */
public final class RecordedRun {
    private final Recording recording = new Recording();
    private State state = State.RECORDING;
    private ValueSource values = new Nothing();
    private @Nullable ValueSource shapes;

    private enum State {
        RECORDING,
        DONE,
        FAILED,
        DISCARDED
    }

    /** Gives the value that a node has. */
    public interface ValueSource {
        /** @throws IllegalStateException naming the node, if it has none */
        @Nullable
        Object value(RecordedNode node);

        boolean has(RecordedNode node);
    }

    private static final class Nothing implements ValueSource {
        @Override
        public @Nullable Object value(RecordedNode node) {
            throw new IllegalStateException("'" + node.name() + "' has no value: nothing has run");
        }

        @Override
        public boolean has(RecordedNode node) {
            return false;
        }
    }

    public Recording recording() {
        return recording;
    }

    public boolean isRecording() {
        return state == State.RECORDING;
    }

    boolean isDone() {
        return state == State.DONE;
    }

    /** Ends the recording with what its run gave. */
    public void complete(ValueSource results) {
        values = results;
        state = State.DONE;
    }

    /** Ends the recording without a run. */
    public void discard() {
        if (state == State.RECORDING) {
            state = State.DISCARDED;
        }
    }

    /** Ends the recording with a run that gave no values. */
    public void fail() {
        state = State.FAILED;
    }

    /** Answers questions for shapes while the recording goes on. */
    public void scanWith(ValueSource scan) {
        shapes = scan;
    }

    @Nullable
    Object value(RecordedNode node) {
        return switch (state) {
            case DONE -> values.value(node);
            case RECORDING ->
                throw new IllegalStateException("the value of '" + node.name()
                        + "' is there after the trace has run; inside it, work with the proxy");
            case FAILED -> throw new IllegalStateException("'" + node.name() + "' has no value: its run failed");
            case DISCARDED ->
                throw new IllegalStateException(
                        "the value of '" + node.name()
                                + "' was never computed: its context was closed before run() was called as the last line of the block");
        };
    }

    boolean hasValue(RecordedNode node) {
        return state == State.DONE && values.has(node);
    }

    /** The value after the run; before it, one of the same shape. */
    @Nullable
    Object shaped(RecordedNode node) {
        if (state == State.RECORDING && shapes != null) {
            return shapes.value(node);
        }
        return value(node);
    }
}
