package io.sightline.graph;

/** What can be done with each kind of {@link Operation}. */
public interface OperationVisitor<R> {
    R intervention(Operation.Intervention intervention);

    R lock(Operation.Lock lock);

    R swap(Operation.Swap swap);

    R grad(Operation.Grad grad);

    R applyModule(Operation.ApplyModule apply);

    R bridge(Operation.Bridge bridge);

    R earlyStop(Operation.EarlyStop stop);

    R conditional(Operation.Conditional conditional);

    R execute(Operation.Execute execute);

    R loopItem(Operation.LoopItem item);

    R update(Operation.Update update);

    R call(Operation.Call call);
}
