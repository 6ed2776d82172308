package io.sightline.interleave;

import io.sightline.graph.GraphException;
import io.sightline.graph.Operation;
import io.sightline.graph.Value;
import io.sightline.interleave.function.Whitelist;

/** Refuses gradients of backward passes that a graph does not have. */
final class GradientCheck {
    private GradientCheck() {}

    static void check(Plan plan) {
        int passes = 0;
        for (int i = 0; i < plan.nodes().size(); i++) {
            if (isBackward(plan, plan.operation(i))) {
                passes++;
            }
        }
        for (int i = 0; i < plan.nodes().size(); i++) {
            if (plan.operation(i) instanceof Operation.Grad grad
                    && (grad.backward() >= passes || grad.backward() < 0)) {
                throw new GraphException(plan.describe(i) + " takes the gradient of '"
                        + grad.node().name() + "' in backward pass "
                        + grad.backward() + ", but the graph has "
                        + (passes == 0
                                ? "no backward(); call backward() on a loss after .grad"
                                : passes + ": .grad was asked for after the last backward(); ask before it"));
            }
        }
    }

    private static boolean isBackward(Plan plan, Operation operation) {
        if (operation instanceof Operation.Call call) {
            if (call.function().equals(Whitelist.PROXY_CALL)
                    && !call.args().isEmpty()
                    && call.args().get(0) instanceof Value.NodeReference reference) {
                Integer method = plan.numbers().get(reference.name());
                return method != null
                        && plan.operation(method) instanceof Operation.Call fetch
                        && fetch.function().equals(Whitelist.FETCH_ATTR)
                        && fetch.args().get(1).equals(new Value.StringValue("backward"));
            }
            return call.function().endsWith("Tensor.backward");
        }
        return false;
    }
}
