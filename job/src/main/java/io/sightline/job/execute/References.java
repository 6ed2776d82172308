package io.sightline.job.execute;

import io.sightline.graph.Operation;
import io.sightline.graph.OperationVisitor;
import io.sightline.graph.Value;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** The nodes whose values an operation uses. */
final class References implements OperationVisitor<Stream<Value>> {
    private static final References VISITOR = new References();

    private References() {}

    static List<String> of(Operation operation) {
        return operation
                .accept(VISITOR)
                .flatMap(value -> Value.references(value).stream())
                .map(Value.NodeReference::name)
                .toList();
    }

    private static Stream<Value> all(List<Value> args, Collection<Value> keywords) {
        return Stream.concat(args.stream(), keywords.stream());
    }

    @Override
    public Stream<Value> intervention(Operation.Intervention intervention) {
        return Stream.of();
    }

    @Override
    public Stream<Value> lock(Operation.Lock lock) {
        return Stream.of(lock.node());
    }

    @Override
    public Stream<Value> swap(Operation.Swap swap) {
        return Stream.of(swap.target(), swap.value());
    }

    @Override
    public Stream<Value> grad(Operation.Grad grad) {
        return Stream.of(grad.node());
    }

    @Override
    public Stream<Value> applyModule(Operation.ApplyModule apply) {
        return all(apply.args(), apply.kwargs().values());
    }

    @Override
    public Stream<Value> bridge(Operation.Bridge bridge) {
        return Stream.of();
    }

    @Override
    public Stream<Value> earlyStop(Operation.EarlyStop stop) {
        return stop.args().stream();
    }

    @Override
    public Stream<Value> conditional(Operation.Conditional conditional) {
        return Stream.of(conditional.condition());
    }

    @Override
    public Stream<Value> execute(Operation.Execute execute) {
        return Stream.of();
    }

    @Override
    public Stream<Value> loopItem(Operation.LoopItem item) {
        return Stream.of(item.initial());
    }

    @Override
    public Stream<Value> update(Operation.Update update) {
        return Stream.of(update.node(), update.value());
    }

    @Override
    public Stream<Value> call(Operation.Call call) {
        return all(call.args(), call.kwargs().values());
    }
}
