package io.sightline.interleave;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.graph.GraphException;
import io.sightline.graph.Operation;
import io.sightline.graph.OperationVisitor;
import io.sightline.graph.Value;
import io.sightline.interleave.function.CallArguments;
import io.sightline.interleave.function.Whitelist;
import io.sightline.nn.Args;
import io.sightline.nn.Module;
import io.sightline.python.Python;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs one node: gives its value, or {@link NodeValues#NOT_YET} where that comes later or never. */
@SuppressWarnings("NullAway") // a visitor of values that may be None, which the checker has no way to say
final class NodeRunner implements OperationVisitor<@Nullable Object> {
    private final Execution execution;
    private final Run run;
    private final Resolver resolver;
    private int number;

    NodeRunner(Execution execution) {
        this.execution = execution;
        this.run = execution.run;
        this.resolver = new Resolver(execution::value, run.model.device());
    }

    /** @throws GraphException naming the node and the graph, with what happened as its cause */
    @Nullable
    Object run(int node) {
        int outer = number;
        number = node;
        Operation operation = execution.plan.operation(node);
        try (Scope scope = Scope.open()) {
            Object result = run.heap.admit(operation.accept(this), scope);
            scope.moveToParent(result);
            return result;
        } catch (EarlyStopSignal | GraphException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new GraphException(
                    execution.plan.describe(node) + Describe.operation(operation) + " failed: " + e.getMessage()
                            + missingMask(node),
                    e);
        } finally {
            number = outer;
        }
    }

    /** Says why a module's attention mask is None where a node fails on it. */
    private String missingMask(int node) {
        for (int used : execution.plan.dependencies()[node]) {
            if (execution.plan.operation(used) instanceof Operation.Call call
                    && call.args().contains(new Value.StringValue("attention_mask"))
                    && execution.has(used)
                    && execution.value(used) == null) {
                return "; the attention mask is None where scaled-dot-product attention needs none: open the model with"
                        + " 'attention: eager' to have one";
            }
        }
        return "";
    }

    @Override
    public @Nullable Object intervention(Operation.Intervention intervention) {
        return NodeValues.NOT_YET;
    }

    @Override
    public @Nullable Object lock(Operation.Lock lock) {
        return NodeValues.NOT_YET;
    }

    @Override
    public @Nullable Object swap(Operation.Swap swap) {
        int target = execution.number(swap.target().name());
        OpenPlace open = execution.openPlace();
        if (open == null || open.node != target) {
            throw new GraphException(execution.plan.describe(number) + ": "
                    + Describe.pastFromFuture(execution.plan, target, swap.value()));
        }
        execution.offerSwap(open, number);
        return NodeValues.NOT_YET;
    }

    @Override
    public @Nullable Object grad(Operation.Grad grad) {
        int target = execution.number(grad.node().name());
        if (!(execution.value(target) instanceof Tensor tensor)) {
            throw new IllegalArgumentException(
                    "a gradient is of a Tensor, not of a " + Python.typeName(execution.value(target)));
        }
        run.backward.tap(execution, number, tensor, grad.backward(), execution.arrival(target));
        return NodeValues.NOT_YET;
    }

    @Override
    public @Nullable Object applyModule(Operation.ApplyModule apply) {
        Module module = Modules.find(run.model.module(), apply.path());
        Args args = new Args(resolver.resolve(apply.args()), resolver.resolve(apply.kwargs()));
        run.enter();
        try {
            return apply.hooked() ? module.call(args) : module.callWithoutHooks(args);
        } finally {
            run.leave();
        }
    }

    @Override
    public @Nullable Object bridge(Operation.Bridge bridge) {
        Execution source = run.execution(bridge.graphId());
        if (source == null) {
            return NodeValues.NOT_YET;
        }
        int lock = source.number(bridge.lockNode());
        int node = source.number(((Value.NodeReference) ((Operation.Lock) source.plan.operation(lock)).node()).name());
        return source.has(node) ? source.value(node) : NodeValues.NOT_YET;
    }

    @Override
    public Object earlyStop(Operation.EarlyStop stop) {
        throw EarlyStopSignal.asked();
    }

    @Override
    public @Nullable Object conditional(Operation.Conditional conditional) {
        if (Python.truth(resolver.resolve(conditional.condition()))) {
            return true;
        }
        execution.kill(number);
        return NodeValues.NOT_YET;
    }

    @Override
    public @Nullable Object execute(Operation.Execute execute) {
        Plan child = execution.plan.children().get(number);
        if (child == null) {
            throw new IllegalStateException(
                    "no plan for '" + execution.plan.node(number).name() + "'");
        }
        new BlockRunner(run).run(child);
        return null;
    }

    @Override
    public @Nullable Object loopItem(Operation.LoopItem item) {
        Execution.Item current = execution.item();
        return current == null ? resolver.resolve(item.initial()) : current.value();
    }

    @Override
    public @Nullable Object update(Operation.Update update) {
        int target = execution.number(update.node().name());
        Object value = resolver.resolve(update.value());
        if (execution.plan.operation(target) instanceof Operation.Bridge bridge) {
            Execution source = run.execution(bridge.graphId());
            if (source != null) {
                int lock = source.number(bridge.lockNode());
                Operation.Lock locked = (Operation.Lock) source.plan.operation(lock);
                source.update(source.number(((Value.NodeReference) locked.node()).name()), value);
            }
        }
        execution.update(target, value);
        return value;
    }

    @Override
    public @Nullable Object call(Operation.Call call) {
        execution.checkWrite(number);
        List<@Nullable Object> arguments = resolver.resolve(call.args());
        Map<String, @Nullable Object> keywords = resolver.resolve(call.kwargs());
        return Whitelist.require(call.function()).call(Devices.toFirst(new CallArguments(arguments, keywords, run)));
    }
}
