package io.sightline.interleave;

import io.sightline.graph.Block;
import io.sightline.graph.GraphException;
import java.util.List;
import java.util.Locale;

/**
 * Runs a graph on shapes alone, where the model offers itself without data, to find what can't fit before anything is computed. What depends
 * on data ends the check without a verdict.
 */
final class ShapeCheck {
    private ShapeCheck() {}

    /** @throws GraphException naming the node whose shapes don't fit */
    static void check(Plan plan, RunnableModel model) {
        model.withoutData().filter(meta -> hasInputs(plan)).ifPresent(meta -> {
            try {
                new Interleaver(plan, meta, line -> {}).run().close();
            } catch (GraphException e) {
                if (!dependsOnData(e)) {
                    throw new GraphException("refused before running, by its shapes: " + e.getMessage(), e);
                }
            }
        });
    }

    private static boolean hasInputs(Plan plan) {
        return plan.withAllInside().stream()
                .map(Plan::block)
                .allMatch(block -> !(block instanceof Block.Trace trace)
                        || !trace.invokerInputs().isEmpty());
    }

    /** libtorch says that a tensor on the meta device has no data, in several ways that all name the device. */
    private static boolean dependsOnData(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (List.of("meta", "no data", "data-dependent").stream().anyMatch(message::contains)) {
                return true;
            }
        }
        return false;
    }
}
