package io.sightline.interleave;

import io.sightline.graph.Block;
import io.sightline.graph.Graph;
import io.sightline.graph.GraphException;
import io.sightline.graph.Operation;
import io.sightline.graph.Value;
import io.sightline.python.SizeMismatch;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a graph on shapes alone, where the model offers itself without data, to find what can't fit before anything is computed.
 *
 * <p>It refuses only what it knows: the failure has to be a {@link SizeMismatch}, which is decided by rules of this project and not by
 * what libtorch says, and the model has to run alone on the same inputs. Any other failure may come from the missing data, so that it is
 * logged and the run decides.
 */
final class ShapeCheck {
    /** A loop's later rounds are like its first ones, and may be many. */
    static final int ROUNDS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(ShapeCheck.class);

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
                if (isKnown(e) && runsAlone(plan, shapes)) {
                    throw new GraphException("refused before running, by its shapes: " + e.getMessage(), e);
                }
                LOG.info(
                        "The check of shapes has no verdict on graph {}: {}",
                        plan.graph().id(),
                        e.getMessage());
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

    private static boolean isKnown(Throwable failure) {
        boolean known = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Undecided) {
                return false;
            }
            known |= cause instanceof SizeMismatch;
        }
        return known;
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
