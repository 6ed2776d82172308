package io.sightline.interleave;

import io.sightline.graph.Block;
import io.sightline.graph.GraphException;
import io.sightline.graph.Node;
import io.sightline.graph.Operands;
import io.sightline.graph.Operation;
import io.sightline.graph.Value;
import io.sightline.interleave.function.Attributes;
import io.sightline.interleave.function.Whitelist;
import io.sightline.nn.Module;
import io.sightline.nn.ModuleList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Checks a whole graph before any of it runs: one message, naming the node. */
final class Validation {
    private final Plan plan;
    private final Module root;

    private Validation(Plan plan, Module root) {
        this.plan = plan;
        this.root = root;
    }

    static void check(Plan plan, RunnableModel model) {
        for (Plan part : plan.withAllInside()) {
            new Validation(part, model.module()).check();
        }
    }

    private void check() {
        for (int i = 0; i < plan.nodes().size(); i++) {
            Node node = plan.node(i);
            try {
                checkFunctions(node.operation());
                checkPlaces(node.operation());
            } catch (GraphException e) {
                throw new GraphException(plan.describe(i) + ": " + e.getMessage(), e);
            }
        }
        GradientCheck.check(plan);
        OrderCheck.check(plan, root);
    }

    private void checkFunctions(Operation operation) {
        for (Value value : Operands.of(operation)) {
            functionNames(value).forEach(Whitelist::require);
        }
        if (operation instanceof Operation.Call call) {
            Whitelist.require(call.function());
            if (call.function().equals(Whitelist.FETCH_ATTR)) {
                checkAttribute(call);
            }
        }
    }

    private void checkAttribute(Operation.Call call) {
        if (call.args().size() != 2 || !(call.args().get(1) instanceof Value.StringValue name)) {
            throw new GraphException("fetch_attr takes a node and the name of an attribute");
        }
        boolean ofPlace = call.args().get(0) instanceof Value.NodeReference reference
                && plan.operation(Objects.requireNonNull(plan.numbers().get(reference.name())))
                        instanceof Operation.Intervention;
        Attributes.require(name.value(), ofPlace);
    }

    private static List<String> functionNames(Value value) {
        List<String> names = new ArrayList<>();
        if (value instanceof Value.FunctionValue function) {
            names.add(function.functionName());
        } else if (value instanceof Value.ListValue list) {
            list.items().forEach(item -> names.addAll(functionNames(item)));
        } else if (value instanceof Value.TupleValue tuple) {
            tuple.items().forEach(item -> names.addAll(functionNames(item)));
        } else if (value instanceof Value.DictValue dict) {
            dict.entries().values().forEach(item -> names.addAll(functionNames(item)));
        }
        return names;
    }

    private void checkReach(Operation.Intervention intervention) {
        if (!(plan.block() instanceof Block.Trace trace)) {
            throw new GraphException(intervention.place()
                    + " is never reached: the model runs in traces, not in the session or loop itself");
        }
        int invokes = trace.invokerInputs().size();
        if (invokes > 0 && intervention.batchGroup() >= invokes) {
            throw new GraphException("reads " + intervention.place() + " of invoke " + intervention.batchGroup()
                    + "; the trace has invokes 0 to " + (invokes - 1));
        }
    }

    private void checkPlaces(Operation operation) {
        if (operation instanceof Operation.Intervention intervention) {
            checkReach(intervention);
            Module module = Modules.find(root, intervention.place().path());
            if (module instanceof ModuleList) {
                throw new GraphException(
                        intervention.place() + " is never reached: a ModuleList is not called, its items are");
            }
            if (intervention.place().port().isOfAttention()) {
                Modules.attentionAt(intervention.place(), module);
            }
            if (intervention.call() < 0 || intervention.batchGroup() < -1) {
                throw new GraphException(intervention.place() + " has a negative call or invoke");
            }
        } else if (operation instanceof Operation.ApplyModule apply) {
            Modules.find(root, apply.path());
        }
    }
}
