package io.sightline.interleave;

import io.sightline.graph.Node;
import io.sightline.graph.Operation;
import io.sightline.graph.Place;
import io.sightline.nn.Module;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/**
 * Ends a forward pass once the graph and the captures have had every place that they read: what the model computes after that reaches
 * nobody. The order in which a model reaches its places shows only as it runs, so this counts down the ones that are still to come.
 */
final class PassEnd {
    private final Execution execution;
    private final Module root;
    private final boolean allowed;
    private final BitSet nodes = new BitSet();
    private final Set<Place> captured = new HashSet<>();
    private int hooks;

    /** @param allowed whether the model {@linkplain RunnableModel#canEndEarly permits it} for this batch */
    PassEnd(Execution execution, boolean allowed) {
        this.execution = execution;
        this.root = execution.run.model.module();
        this.allowed = allowed && execution.plan.nodes().stream().noneMatch(PassEnd::callsWithHooks);
        for (int[] intervention : execution.plan.places().values()) {
            for (int node : intervention) {
                nodes.set(node);
            }
        }
        execution.run.captures.forEach(capture -> captured.add(capture.place()));
    }

    /** Such a node gives a module one more call, which captures see as well. */
    private static boolean callsWithHooks(Node node) {
        return node.operation() instanceof Operation.ApplyModule apply && apply.hooked();
    }

    /** The run has a hook on the model. */
    void hooked() {
        hooks++;
    }

    /** An Intervention node has had its value. */
    void served(int node) {
        nodes.clear(node);
    }

    /** The captures of a place have had its value. */
    void captured(Place place) {
        captured.remove(place);
    }

    /**
     * Called when a place is left as the model made it.
     *
     * @throws EarlyStopSignal if nothing of this pass is needed any more
     */
    void check() {
        if (allowed && captured.isEmpty() && execution.isBetweenPlaces() && isServed() && isAlone()) {
            throw EarlyStopSignal.nothingNeeded();
        }
    }

    private boolean isServed() {
        for (int node = nodes.nextSetBit(0); node >= 0; node = nodes.nextSetBit(node + 1)) {
            if (!execution.isDead(node)) {
                return false;
            }
        }
        return true;
    }

    /** Whether this thread has no other hooks on the model, whose owners count on the whole pass. */
    private boolean isAlone() {
        return root.hooksOfThisThread() == hooks;
    }
}
