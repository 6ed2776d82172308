package io.sightline.interleave;

import io.sightline.graph.Operation;
import io.sightline.graph.Place;
import io.sightline.graph.Value;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Words for what is wrong with a node. */
final class Describe {
    private Describe() {}

    /** {@code " (softmax)"}: what the node does, for an error message. */
    static String operation(Operation operation) {
        if (operation instanceof Operation.Call call) {
            String shown = call.function().substring(call.function().lastIndexOf('.') + 1);
            return call.args().size() > 1
                            && shown.equals("fetch_attr")
                            && call.args().get(1) instanceof Value.StringValue name
                    ? " (attribute '" + name.value() + "')"
                    : " (" + shown + ")";
        } else if (operation instanceof Operation.ApplyModule apply) {
            return " (module " + apply.path() + ")";
        } else if (operation instanceof Operation.Intervention intervention) {
            return " (" + intervention.place() + ")";
        }
        return "";
    }

    /** {@code Cannot set h.3.output: it uses h.9.output, which is computed later}. */
    static String pastFromFuture(Plan plan, int target, Value value) {
        Place set = place(plan, target);
        Set<Place> used = placesUsed(plan, value);
        used.remove(set);
        if (set == null) {
            return "cannot set the gradient of '" + plan.node(target).name()
                    + "': it is not the one being computed now";
        }
        String uses = used.isEmpty() ? "a value" : join(used);
        return "cannot set " + set + ": it uses " + uses + ", computed when " + set
                + " was over; set a place from values of the same place or of earlier ones";
    }

    /** {@code Cannot write into h.3.output: it is over when h.9.output is there}. */
    static String writtenTooLate(Plan plan, int write, int place) {
        Set<Place> awaited = new LinkedHashSet<>();
        for (int source : plan.awaited(write)) {
            Place from = place(plan, source);
            if (from != null) {
                awaited.add(from);
            }
        }
        Place written = place(plan, place);
        awaited.remove(written);
        return "cannot write into "
                + (written == null ? "the gradient '" + plan.node(place).name() + "'" : written)
                + ": it is over when the node runs"
                + (awaited.isEmpty() ? "" : ", which uses " + join(awaited) + ", computed later")
                + "; write into a place from values of the same place or of earlier ones, or into a clone()";
    }

    private static String join(Set<Place> places) {
        return String.join(", ", places.stream().map(Place::toString).toList());
    }

    static @Nullable Place place(Plan plan, int number) {
        return plan.operation(number) instanceof Operation.Intervention intervention ? intervention.place() : null;
    }

    /** The places that a graph's Swap nodes set, each with its node: {@code h.3.output (node 'SwapProtocol_0')}. */
    static Set<String> placesSet(Plan plan) {
        Set<String> places = new LinkedHashSet<>();
        for (int i = 0; i < plan.nodes().size(); i++) {
            if (plan.operation(i) instanceof Operation.Swap swap) {
                Integer target = plan.numbers().get(swap.target().name());
                Place place = target == null ? null : place(plan, target);
                if (place != null) {
                    places.add(place + " (node '" + plan.node(i).name() + "')");
                }
            }
        }
        return places;
    }

    /** The places whose values a value is made from. */
    static Set<Place> placesUsed(Plan plan, Value value) {
        Set<Place> places = new LinkedHashSet<>();
        interventionsUsed(plan, value)
                .forEach(number -> places.add(((Operation.Intervention) plan.operation(number)).place()));
        return places;
    }

    /** The Intervention nodes whose values a value is made from. */
    static Set<Integer> interventionsUsed(Plan plan, Value value) {
        Set<Integer> found = new LinkedHashSet<>();
        Set<Integer> seen = new HashSet<>();
        Deque<Integer> open = new ArrayDeque<>();
        for (Value.NodeReference reference : Value.references(value)) {
            Integer number = plan.numbers().get(reference.name());
            if (number != null) {
                open.push(number);
            }
        }
        while (!open.isEmpty()) {
            int number = open.pop();
            if (seen.add(number)) {
                if (plan.operation(number) instanceof Operation.Intervention) {
                    found.add(number);
                }
                for (int dependency : plan.dependencies()[number]) {
                    open.push(dependency);
                }
            }
        }
        return found;
    }
}
