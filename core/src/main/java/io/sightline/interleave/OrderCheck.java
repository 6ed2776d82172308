package io.sightline.interleave;

import io.sightline.graph.GraphException;
import io.sightline.graph.Operation;
import io.sightline.graph.Place;
import io.sightline.graph.Port;
import io.sightline.graph.Value;
import io.sightline.interleave.function.InPlace;
import io.sightline.nn.Module;
import io.sightline.nn.ModuleList;
import io.sightline.nn.Sequential;
import java.util.Arrays;
import java.util.List;

/**
 * Refuses to set a place from one that is computed later, where the tree alone shows the order: a module's input and output, what is inside
 * it, and the items of a list. What it cannot show is refused when it happens.
 */
final class OrderCheck {
    private final Plan plan;
    private final Module root;

    private OrderCheck(Plan plan, Module root) {
        this.plan = plan;
        this.root = root;
    }

    static void check(Plan plan, Module root) {
        OrderCheck check = new OrderCheck(plan, root);
        for (int i = 0; i < plan.nodes().size(); i++) {
            if (plan.operation(i) instanceof Operation.Swap swap) {
                check.check(i, swap);
            }
            check.checkWrite(i);
        }
    }

    private void check(int number, Operation.Swap swap) {
        Integer target = plan.numbers().get(swap.target().name());
        if (target == null || !(plan.operation(target) instanceof Operation.Intervention set)) {
            if (target == null || !(plan.operation(target) instanceof Operation.Grad)) {
                throw new GraphException(plan.describe(number) + " sets '"
                        + swap.target().name() + "', which is neither a place of the model nor a gradient");
            }
            return;
        }
        for (int used : Describe.interventionsUsed(plan, swap.value())) {
            Operation.Intervention from = (Operation.Intervention) plan.operation(used);
            if (isBefore(set, from)) {
                throw new GraphException(
                        plan.describe(number) + ": cannot set " + set.place() + ": it uses " + from.place()
                                + ", which is computed later; set a place from values of the same place or of earlier ones");
            }
        }
    }

    /** As for a Swap: what is written into a view of a place's value is there only while the place is. */
    private void checkWrite(int number) {
        Integer place = plan.writes().targets().get(number);
        while (place != null && plan.operation(place) instanceof Operation.Call call) {
            place = InPlace.viewed(call, plan.nodes()) instanceof Value.NodeReference viewed
                    ? plan.numbers().get(viewed.name())
                    : null;
        }
        if (place == null || !(plan.operation(place) instanceof Operation.Intervention written)) {
            return;
        }
        for (int used : plan.awaited(number)) {
            if (plan.operation(used) instanceof Operation.Intervention from && isBefore(written, from)) {
                throw new GraphException(plan.describe(number) + ": " + Describe.writtenTooLate(plan, number, place));
            }
        }
    }

    private boolean isBefore(Operation.Intervention a, Operation.Intervention b) {
        return b.call() > a.call() && b.place().equals(a.place())
                || b.call() == a.call() && isBefore(a.place(), b.place());
    }

    /** Whether the tree shows that {@code a} is over before {@code b} is reached. */
    private boolean isBefore(Place a, Place b) {
        if (a.path().equals(b.path())) {
            return a.port().compareTo(b.port()) < 0;
        } else if (isInside(b.path(), a.path())) {
            return a.port() == Port.INPUT;
        } else if (isInside(a.path(), b.path())) {
            return b.port() == Port.OUTPUT;
        }
        return isEarlierItem(a.path(), b.path());
    }

    private static boolean isInside(String inner, String outer) {
        return outer.isEmpty() || inner.startsWith(outer + ".");
    }

    /** Whether the paths part at a list or a sequence, {@code a} going to an earlier item. */
    private boolean isEarlierItem(String a, String b) {
        String[] x = a.split("\\.");
        String[] y = b.split("\\.");
        int common = 0;
        while (common < Math.min(x.length, y.length) && x[common].equals(y[common])) {
            common++;
        }
        Module parent = Modules.find(root, String.join(".", Arrays.asList(x).subList(0, common)));
        if (!(parent instanceof ModuleList || parent instanceof Sequential)
                || common == x.length
                || common == y.length) {
            return false;
        }
        List<String> names = List.copyOf(parent.namedChildren().keySet());
        return names.indexOf(x[common]) < names.indexOf(y[common]);
    }
}
