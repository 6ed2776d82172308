package io.sightline.trace;

import io.sightline.envoy.RecordedRun;
import io.sightline.graph.Block;
import io.sightline.graph.GraphBuilder;

/**
 * Several traces as one unit: values of one can be used in the next, and loops run them many times.
 *
 * <pre>{@code
 * Proxy results;
 * try (Session session = model.session()) {
 *     results = session.list().save();
 *     try (Loop loop = session.iter(List.of(0.0, 0.5, 2.0))) {
 *         try (Tracer trace = model.trace("The cat sat on the rock")) {
 *             model.get("transformer.h.1").output().get(0).at(all()).change(h -> h.mul(loop.item()));
 *             results.call("append", model.get("lm_head").output());
 *             trace.run();
 *         }
 *         loop.run();
 *     }
 *     session.run();
 * }
 * }</pre>
 */
public final class Session extends Context {
    private final Subject model;
    private final GraphBuilder graph = GraphBuilder.inOrder();
    private final OpenContext context;

    Session(Subject model) {
        super(model.recorder());
        this.model = model;
        RecordedRun around = model.recorder().run();
        if (around != null && around.isRecording()) {
            throw new IllegalStateException("a session can't be opened inside another context");
        }
        this.context = OpenContext.open(recorder(), graph);
    }

    /** Opens a loop over a list: Java's, or a proxy of one. */
    public Loop iter(Object values) {
        context.checkOpen();
        return new Loop(recorder(), values);
    }

    /** Ends the session at this point of its run. */
    public void exit() {
        context.checkOpen();
        stopHere();
    }

    /** What was recorded so far, as data. */
    public Block.Session block() {
        return new Block.Session(graph.build());
    }

    /** Runs what was recorded; the last line of the block. */
    public void run() {
        context.finish(run -> model.execute(run, block()), this::block);
    }

    @Override
    public void close() {
        context.close();
    }
}
