package io.sightline.graph;

import java.util.HashMap;
import java.util.Map;

/** nnsight's names of nodes: the {@code __name__} of what a node calls, and a number that counts per name. */
final class NodeNames {
    private final Map<String, Integer> counts = new HashMap<>();

    String next(Operation operation) {
        return numbered(operation.accept(Base.INSTANCE));
    }

    private String numbered(String base) {
        int number = counts.merge(base, 1, Integer::sum) - 1;
        return base + "_" + number;
    }

    /** Counts on after a node that has its name already. */
    void skip(Operation operation) {
        counts.merge(operation.accept(Base.INSTANCE), 1, Integer::sum);
    }

    private static final class Base implements OperationVisitor<String> {
        private static final Base INSTANCE = new Base();

        @Override
        public String intervention(Operation.Intervention intervention) {
            return "InterventionProtocol";
        }

        @Override
        public String lock(Operation.Lock lock) {
            return "LockProtocol";
        }

        @Override
        public String swap(Operation.Swap swap) {
            return "SwapProtocol";
        }

        @Override
        public String grad(Operation.Grad grad) {
            return "GradProtocol";
        }

        @Override
        public String applyModule(Operation.ApplyModule apply) {
            return "ApplyModuleProtocol";
        }

        @Override
        public String bridge(Operation.Bridge bridge) {
            return "BridgeProtocol";
        }

        @Override
        public String earlyStop(Operation.EarlyStop stop) {
            return "EarlyStopProtocol";
        }

        @Override
        public String conditional(Operation.Conditional conditional) {
            return "ConditionalProtocol";
        }

        @Override
        public String execute(Operation.Execute execute) {
            return "LocalBackendExecuteProtocol";
        }

        @Override
        public String loopItem(Operation.LoopItem item) {
            return "ValueProtocol";
        }

        @Override
        public String update(Operation.Update update) {
            return "UpdateProtocol";
        }

        @Override
        public String call(Operation.Call call) {
            return call.function().substring(call.function().lastIndexOf('.') + 1);
        }
    }
}
