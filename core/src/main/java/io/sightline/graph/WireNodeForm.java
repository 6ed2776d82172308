package io.sightline.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How an operation stands in a NODE: the function it targets and its arguments. */
record WireNodeForm(String target, List<Value> args, Map<String, Value> kwargs) {
    static WireNodeForm of(Operation operation) {
        return operation.accept(FORMS);
    }

    private static final OperationVisitor<WireNodeForm> FORMS = new OperationVisitor<>() {
        @Override
        public WireNodeForm intervention(Operation.Intervention intervention) {
            return form(
                    Protocols.INTERVENTION,
                    new Value.StringValue(intervention.place().key()),
                    new Value.IntValue(intervention.batchGroup()),
                    new Value.IntValue(intervention.call()));
        }

        @Override
        public WireNodeForm lock(Operation.Lock lock) {
            return form(Protocols.LOCK, lock.node());
        }

        @Override
        public WireNodeForm swap(Operation.Swap swap) {
            return form(Protocols.SWAP, swap.target(), swap.value());
        }

        @Override
        public WireNodeForm grad(Operation.Grad grad) {
            return form(Protocols.GRAD, grad.node(), new Value.IntValue(grad.backward()));
        }

        @Override
        public WireNodeForm applyModule(Operation.ApplyModule apply) {
            List<Value> args = new ArrayList<>();
            args.add(new Value.StringValue("." + apply.path()));
            args.addAll(apply.args());
            Map<String, Value> kwargs = new LinkedHashMap<>(apply.kwargs());
            kwargs.put("hook", Value.Constant.of(apply.hooked()));
            return new WireNodeForm(Protocols.APPLY_MODULE, args, kwargs);
        }

        @Override
        public WireNodeForm bridge(Operation.Bridge bridge) {
            return form(
                    Protocols.BRIDGE, new Value.IntValue(bridge.graphId()), new Value.StringValue(bridge.lockNode()));
        }

        @Override
        public WireNodeForm earlyStop(Operation.EarlyStop stop) {
            return new WireNodeForm(Protocols.EARLY_STOP, stop.args(), Map.of());
        }

        @Override
        public WireNodeForm conditional(Operation.Conditional conditional) {
            return form(Protocols.CONDITIONAL, conditional.condition());
        }

        @Override
        public WireNodeForm execute(Operation.Execute execute) {
            return form(Protocols.EXECUTE);
        }

        @Override
        public WireNodeForm loopItem(Operation.LoopItem item) {
            return form(Protocols.VALUE, item.initial());
        }

        @Override
        public WireNodeForm update(Operation.Update update) {
            return form(Protocols.UPDATE, update.node(), update.value());
        }

        @Override
        public WireNodeForm call(Operation.Call call) {
            return new WireNodeForm(call.function(), call.args(), call.kwargs());
        }
    };

    private static WireNodeForm form(String target, Value... args) {
        return new WireNodeForm(target, List.of(args), Map.of());
    }
}
