package io.sightline.interleave;

import io.sightline.graph.Operation;
import io.sightline.graph.Place;
import io.sightline.graph.Port;
import io.sightline.graph.Value;
import io.sightline.nn.AttentionModule;
import io.sightline.nn.HookHandle;
import io.sightline.nn.Module;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which attention modules a graph reads the probabilities of: those whose output it uses otherwise than by its item 0. */
final class AttentionProbabilities implements AutoCloseable {
    private final List<HookHandle> forced = new ArrayList<>();

    /** Makes those modules eager, for this thread, until closed. */
    static AttentionProbabilities force(Plan plan, Module root) {
        AttentionProbabilities probabilities = new AttentionProbabilities();
        for (Map.Entry<Place, int[]> entry : plan.places().entrySet()) {
            if (entry.getKey().port() == Port.OUTPUT
                    && Modules.find(root, entry.getKey().path()) instanceof AttentionModule attention
                    && areRead(plan, entry.getValue())) {
                probabilities.forced.add(attention.attentionSwitch().forceEager());
            }
        }
        return probabilities;
    }

    private static boolean areRead(Plan plan, int[] nodes) {
        for (int node : nodes) {
            for (int listener : plan.listeners()[node]) {
                boolean firstItem = plan.operation(listener) instanceof Operation.Call call
                        && call.function().equals("_operator.getitem")
                        && call.args().size() == 2
                        && call.args().get(1).equals(new Value.IntValue(0));
                if (!firstItem) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public void close() {
        forced.forEach(HookHandle::close);
    }
}
