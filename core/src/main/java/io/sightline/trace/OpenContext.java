package io.sightline.trace;

import io.sightline.envoy.RecordedRun;
import io.sightline.envoy.Recorder;
import io.sightline.graph.Block;
import io.sightline.graph.GraphBuilder;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The opening and ending that traces, loops and sessions share: the outermost runs, an inner one becomes a node of the one around it. */
final class OpenContext implements AutoCloseable {
    private final Recorder recorder;
    private final RecordedRun run;
    private final GraphBuilder graph;
    private final boolean outermost;
    private boolean open = true;

    private OpenContext(Recorder recorder, RecordedRun run, GraphBuilder graph, boolean outermost) {
        this.recorder = recorder;
        this.run = run;
        this.graph = graph;
        this.outermost = outermost;
        run.recording().open(graph);
    }

    static OpenContext open(Recorder recorder, GraphBuilder graph) {
        RecordedRun around = recorder.run();
        if (around != null && around.isRecording()) {
            return new OpenContext(recorder, around, graph, false);
        }
        RecordedRun started = new RecordedRun();
        recorder.begin(started);
        return new OpenContext(recorder, started, graph, true);
    }

    RecordedRun run() {
        return run;
    }

    void checkOpen() {
        if (!open) {
            throw new IllegalStateException("this context has ended");
        }
    }

    /** Ends the recording: {@code execute} runs it if it is the outermost, else {@code block} goes into the graph around it. */
    void finish(Consumer<RecordedRun> execute, Supplier<Block> block) {
        if (!outermost) {
            join(block);
            return;
        }
        end();
        recorder.end();
        // Stays so where the run does not give its values.
        run.fail();
        execute.accept(run);
    }

    /** Ends the recording and puts the block into the graph around it. */
    void join(Supplier<Block> block) {
        end();
        run.recording().current().addExecute(block);
    }

    private void end() {
        checkOpen();
        run.recording().close(graph);
        open = false;
    }

    /** Throws away what was not finished. */
    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        if (outermost) {
            run.discard();
            recorder.end();
        } else {
            recorder.leaveTrace();
            run.recording().close(graph);
        }
    }
}
