package io.sightline.interleave;

import io.sightline.graph.Operation;
import io.sightline.graph.Value;

/** Whether a graph needs autograd: it takes gradients, goes backward, or trains. */
final class Differentiation {
    private Differentiation() {}

    static boolean isIn(Plan plan) {
        return plan.withAllInside().stream()
                .flatMap(part -> part.nodes().stream())
                .anyMatch(node -> needsAutograd(node.operation()));
    }

    private static boolean needsAutograd(Operation operation) {
        if (operation instanceof Operation.Call call) {
            return call.function().endsWith(".backward")
                    || call.function().equals("torch.nn.parameter.Parameter")
                    || call.args().stream().anyMatch(Differentiation::asksForGradients)
                    || call.kwargs().containsKey("requires_grad");
        }
        return operation instanceof Operation.Grad;
    }

    private static boolean asksForGradients(Value value) {
        return value instanceof Value.StringValue text
                && (text.value().equals("backward")
                        || text.value().equals("requires_grad_")
                        || text.value().equals("requires_grad"));
    }
}
