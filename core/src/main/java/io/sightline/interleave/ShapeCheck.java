package io.sightline.interleave;

import io.sightline.graph.Block;
import io.sightline.graph.Graph;
import io.sightline.graph.GraphException;
import io.sightline.graph.Operation;
import io.sightline.graph.Value;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs a graph on shapes alone, where the model offers itself without data, to find what can't fit before anything is computed.
 *
 * <p>It refuses only what it is sure of: the failure has to speak of shapes, not of data that is missing, and the model has to run alone on
 * the same inputs. Where the graph's way depends on data, the check ends there without a verdict.
 */
final class ShapeCheck {
    /** A loop's later rounds are like its first ones, and may be many. */
    static final int ROUNDS = 3;

    /** What libtorch says of tensors without data, and what depends on how they lie in memory, which may differ from the CPU. */
    private static final List<String> DOUBTS =
            List.of("meta", "no data", "data-dependent", "stride", "contiguous", "not implemented", "could not run");

    private static final List<String> SHAPES = List.of(
            "shape",
            "size",
            "dimension",
            "reduction dim",
            "broadcast",
            "expand",
            "out of range",
            "out of bounds",
            "rows",
            "items");

    private ShapeCheck() {}

    /** @throws GraphException naming the node whose shapes don't fit */
    static void check(Plan plan, RunnableModel model) {
        if (!computes(plan) || !hasInputs(plan)) {
            return;
        }
        model.withoutData().ifPresent(shapes -> {
            try {
                new Interleaver(plan, shapes, line -> {}).rehearse();
            } catch (GraphException e) {
                if (isAboutShapes(e) && runsAlone(plan, shapes)) {
                    throw new GraphException("refused before running, by its shapes: " + e.getMessage(), e);
                }
            }
        });
    }

    /** Ends the check without a verdict: what follows depends on data. */
    static final class Undecided extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Undecided(String why) {
            super(why);
        }
    }

    /** Whether there is more to a graph than reading places and saving them, which always fits. */
    private static boolean computes(Plan plan) {
        return plan.withAllInside().stream()
                .flatMap(part -> part.nodes().stream())
                .map(node -> node.operation())
                .anyMatch(operation -> operation instanceof Operation.Call
                        || operation instanceof Operation.Swap
                        || operation instanceof Operation.ApplyModule);
    }

    private static boolean hasInputs(Plan plan) {
        return traces(plan).stream().noneMatch(trace -> trace.invokerInputs().isEmpty());
    }

    private static List<Block.Trace> traces(Plan plan) {
        return plan.withAllInside().stream()
                .map(Plan::block)
                .filter(Block.Trace.class::isInstance)
                .map(Block.Trace.class::cast)
                .toList();
    }

    private static boolean isAboutShapes(Throwable failure) {
        boolean shapes = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = firstLine(cause).toLowerCase(Locale.ROOT);
            if (cause instanceof Undecided || DOUBTS.stream().anyMatch(message::contains)) {
                return false;
            }
            shapes |= SHAPES.stream().anyMatch(message::contains);
        }
        return shapes;
    }

    /** Below it TorchScript quotes the code that failed, which may speak of anything. */
    private static String firstLine(Throwable failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }

    /** Whether the model itself has no trouble with the inputs, so that the graph is to blame. */
    private static boolean runsAlone(Plan plan, RunnableModel shapes) {
        try {
            for (Block.Trace trace : traces(plan)) {
                if (trace.invokerInputs().stream()
                        .allMatch(input -> Value.references(input).isEmpty())) {
                    Block alone = new Block.Trace(Map.of(), trace.invokerInputs(), new Graph(0, false, List.of()));
                    new Interleaver(Planner.plan(alone), shapes, line -> {}).rehearse();
                }
            }
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }
}
