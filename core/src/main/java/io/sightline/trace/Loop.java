package io.sightline.trace;

import io.sightline.envoy.Proxy;
import io.sightline.envoy.Recorder;
import io.sightline.graph.Block;
import io.sightline.graph.GraphBuilder;
import io.sightline.graph.Operation;
import io.sightline.graph.Value;

/** A loop of a session: what is recorded inside runs once for each value. */
public final class Loop extends Context {
    private final GraphBuilder graph = GraphBuilder.inOrder();
    private final OpenContext context;
    private final Value data;
    private final Proxy item;

    Loop(Recorder recorder, Object values) {
        super(recorder);
        this.context = OpenContext.open(recorder, graph);
        this.data = Bridged.keep(context.run(), recorder, values);
        this.item = recorder.record(new Operation.LoopItem(Value.Constant.NONE));
    }

    /** The value of this round. */
    public Proxy item() {
        return item;
    }

    /** Opens a loop inside this one. */
    public Loop iter(Object values) {
        context.checkOpen();
        return new Loop(recorder(), values);
    }

    /** Ends the loop at this point of its run. */
    public void exit() {
        context.checkOpen();
        stopHere();
    }

    /** Makes the loop a part of its session; the last line of the block. */
    public void run() {
        context.join(() -> new Block.Loop(data, graph.build()));
    }

    @Override
    public void close() {
        context.close();
    }
}
