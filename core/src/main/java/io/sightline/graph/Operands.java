package io.sightline.graph;

import java.util.ArrayList;
import java.util.List;

/** The values that an operation takes, in order; for a block that it runs, nothing. */
public final class Operands implements OperationVisitor<List<Value>> {
    private static final Operands INSTANCE = new Operands();

    private Operands() {}

    public static List<Value> of(Operation operation) {
        return operation.accept(INSTANCE);
    }

    /** The names of the nodes that an operation uses, in order, one for each use. */
    public static List<String> references(Operation operation) {
        return of(operation).stream()
                .flatMap(value -> Value.references(value).stream())
                .map(Value.NodeReference::name)
                .toList();
    }

    @Override
    public List<Value> intervention(Operation.Intervention intervention) {
        return List.of();
    }

    @Override
    public List<Value> lock(Operation.Lock lock) {
        return List.of(lock.node());
    }

    @Override
    public List<Value> swap(Operation.Swap swap) {
        return List.of(swap.target(), swap.value());
    }

    @Override
    public List<Value> grad(Operation.Grad grad) {
        return List.of(grad.node());
    }

    @Override
    public List<Value> applyModule(Operation.ApplyModule apply) {
        return both(apply.args(), apply.kwargs().values());
    }

    @Override
    public List<Value> bridge(Operation.Bridge bridge) {
        return List.of();
    }

    @Override
    public List<Value> earlyStop(Operation.EarlyStop stop) {
        return stop.args();
    }

    @Override
    public List<Value> conditional(Operation.Conditional conditional) {
        return List.of(conditional.condition());
    }

    @Override
    public List<Value> execute(Operation.Execute execute) {
        return List.of();
    }

    @Override
    public List<Value> loopItem(Operation.LoopItem item) {
        return List.of(item.initial());
    }

    @Override
    public List<Value> update(Operation.Update update) {
        return List.of(update.node(), update.value());
    }

    @Override
    public List<Value> call(Operation.Call call) {
        return both(call.args(), call.kwargs().values());
    }

    private static List<Value> both(List<Value> args, Iterable<Value> keywords) {
        List<Value> all = new ArrayList<>(args);
        keywords.forEach(all::add);
        return all;
    }
}
