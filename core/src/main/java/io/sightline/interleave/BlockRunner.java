package io.sightline.interleave;

import io.sightline.engine.Device;
import io.sightline.engine.Scope;
import io.sightline.graph.Block;
import io.sightline.graph.GraphException;
import io.sightline.graph.Operation;
import io.sightline.graph.Value;
import io.sightline.interleave.function.Iterables;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs a block: a trace with the model, a loop once for each item, a session in order. */
final class BlockRunner {
    private final Run run;

    BlockRunner(Run run) {
        this.run = run;
    }

    void run(Plan plan) {
        run.enter();
        try {
            if (plan.block() instanceof Block.Trace trace) {
                trace(plan, trace);
            } else if (plan.block() instanceof Block.Loop loop) {
                loop(plan, loop);
            } else {
                run.start(plan).start();
            }
        } finally {
            run.leave();
        }
    }

    private void loop(Plan plan, Block.Loop loop) {
        List<@Nullable Object> items;
        try (Scope scope = Scope.open()) {
            items = Iterables.items(outside(plan, run.model.device()).resolve(loop.data()));
            scope.moveToParent(items);
            items.forEach(run.heap::retain);
        }
        run.openLoop();
        boolean open = true;
        try {
            for (int i = 0; i < items.size(); i++) {
                if (i == ShapeCheck.ROUNDS && run.model.device().isMeta()) {
                    throw new ShapeCheck.Undecided("the loop has more rounds than the check of shapes runs");
                }
                if (i == items.size() - 1) {
                    run.closeLoop();
                    open = false;
                }
                Execution execution = run.start(plan);
                execution.setItem(items.get(i));
                execution.start();
            }
        } catch (EarlyStopSignal stop) {
            // exit() ends the loop, not what is around it.
        } finally {
            if (open) {
                run.closeLoop();
            }
            items.forEach(run.heap::release);
        }
    }

    private void trace(Plan plan, Block.Trace trace) {
        try (Scope scope = Scope.open()) {
            List<@Nullable Object> inputs = outside(plan, Device.CPU).resolve(trace.invokerInputs());
            if (inputs.isEmpty()) {
                throw new GraphException("graph " + plan.graph().id() + ": Can't execute on no inputs!");
            }
            PreparedBatch batch = run.model.prepare(inputs);
            PaddingCheck.warning(plan, run.model.module(), batch).ifPresent(run::warnOnce);
            trace(plan, batch, outside(plan, run.model.device()).resolve(trace.kwargs()));
        }
    }

    /** Runs a trace's graph on a batch that is prepared already. */
    void trace(Plan plan, PreparedBatch batch, Map<String, @Nullable Object> kwargs) {
        Execution execution = run.start(plan);
        try (Scope scope = Scope.open();
                AttentionProbabilities eager = AttentionProbabilities.force(plan, run.model.module());
                PlaceHooks hooks =
                        PlaceHooks.register(execution, new InvokeRows(batch), run.model.canEndEarly(batch, kwargs))) {
            execution.start();
            run.model.execute(batch, kwargs);
        } catch (EarlyStopSignal stop) {
            if (stop.isAsked()) {
                execution.stop();
            }
        } finally {
            run.backward.drop(execution);
        }
    }

    /** References in a block's own inputs lead through its graph's Locks and Bridges to graphs that ran before. */
    private Resolver outside(Plan plan, Device device) {
        return new Resolver(name -> throughBridges(plan, name), device);
    }

    private @Nullable Object throughBridges(Plan plan, String name) {
        Integer number = plan.numbers().get(name);
        Operation operation = number == null ? null : plan.operation(number);
        while (operation instanceof Operation.Lock lock && lock.node() instanceof Value.NodeReference reference) {
            operation = plan.operation(
                    java.util.Objects.requireNonNull(plan.numbers().get(reference.name())));
        }
        if (operation instanceof Operation.Bridge bridge) {
            Execution source = run.execution(bridge.graphId());
            if (source != null) {
                Operation.Lock lock = (Operation.Lock) source.plan.operation(source.number(bridge.lockNode()));
                return source.value(((Value.NodeReference) lock.node()).name());
            }
        }
        throw new GraphException(
                "the inputs of graph " + plan.graph().id() + " use '" + name + "', which has no value there");
    }
}
