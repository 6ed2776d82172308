package io.sightline.interleave;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.graph.GraphException;
import io.sightline.graph.Operation;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One execution of one graph. In a trace a node runs as soon as the last value it waits for arrives, depth first in the order of the nodes; in a
 * sequential graph nodes run in order.
 */
final class Execution {
    final Plan plan;
    final Run run;
    private final NodeValues values;
    private final Schedule schedule;
    private final NodeRunner runner;
    private @Nullable OpenPlace open;
    private @Nullable Item item;
    private boolean started;
    private boolean stopped;
    private final Map<Integer, @Nullable Object> watched = new HashMap<>();

    Execution(Plan plan, Run run) {
        this.plan = plan;
        this.run = run;
        values = new NodeValues(plan, run);
        schedule = new Schedule(plan);
        runner = new NodeRunner(this);
    }

    // ---- values

    boolean has(int number) {
        return values.has(number);
    }

    /** @throws IllegalStateException if the node has no value */
    @Nullable
    Object value(int number) {
        return values.get(number);
    }

    /** @throws IllegalStateException if there is no such node, or it has no value */
    @Nullable
    Object value(String name) {
        return values.get(number(name));
    }

    int number(String name) {
        Integer number = plan.numbers().get(name);
        if (number == null) {
            throw new IllegalStateException("no node '" + name + "'");
        }
        return number;
    }

    /** When the node's value arrived; 0 for never. */
    long arrival(int number) {
        return values.arrival(number);
    }

    /** Gives a node another value without notification anybody. */
    void update(int number, @Nullable Object value) {
        values.replace(number, value);
    }

    /** Frees all values. */
    void discard() {
        values.discard();
        watched.values().forEach(run.heap::release);
        watched.clear();
    }

    /** The current item of the loop that this graph is the body of. */
    record Item(@Nullable Object value) {}

    void setItem(@Nullable Object value) {
        item = new Item(value);
    }

    /** Null where this graph is not a loop's body. */
    @Nullable
    Item item() {
        return item;
    }

    // ---- running

    /** Runs what can run without the model: everything of a sequential graph, the roots of a trace and what needs no more than them. */
    void start() {
        for (int i = 0; i < plan.nodes().size(); i++) {
            if (schedule.isReady(i)) {
                Object result = run(i);
                if (result != NodeValues.NOT_YET) {
                    set(i, result);
                }
            }
        }
        started = true;
    }

    /** Whether no node is running: the model is between two of its places. */
    boolean isBetweenPlaces() {
        return started && open == null;
    }

    private @Nullable Object run(int number) {
        schedule.begin(number);
        return runner.run(number);
    }

    /** Sets a node's value, runs who waited for it last, and frees what is no longer needed. */
    private void set(int number, @Nullable Object value) {
        Deque<Notification> notifications = new ArrayDeque<>();
        notifications.push(arrive(number, value));
        while (!notifications.isEmpty()) {
            Notification notification = notifications.element();
            if (notification.isOver()) {
                notifications.pop();
                values.freeIfUnused(notification.node);
                continue;
            }
            int listener = notification.next();
            schedule.notify(listener);
            if (schedule.isReady(listener) && !plan.graph().sequential()) {
                Object result = run(listener);
                if (result != NodeValues.NOT_YET) {
                    notifications.push(arrive(listener, result));
                }
            }
        }
    }

    private Notification arrive(int number, @Nullable Object value) {
        schedule.begin(number);
        values.put(number, value);
        if (plan.operation(number) instanceof Operation.Bridge bridge) {
            Execution source = run.execution(bridge.graphId());
            if (source != null) {
                source.values.bridged(source.number(bridge.lockNode()));
            }
        }
        return new Notification(number, plan.listeners()[number]);
    }

    /** A node whose value has arrived, and how many of those that wait for it know. */
    private static final class Notification {
        final int node;
        private final int[] listeners;
        private int notified;

        Notification(int node, int[] listeners) {
            this.node = node;
            this.listeners = listeners;
        }

        boolean isOver() {
            return notified == listeners.length;
        }

        int next() {
            return listeners[notified++];
        }
    }

    boolean isDead(int number) {
        return schedule.isDead(number);
    }

    /** A false condition: whatever depends on it never runs, and holds on to nothing. */
    void kill(int condition) {
        schedule.kill(condition).forEach(values::letGoOfArguments);
    }

    /** The forward pass was ended early. */
    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    // ---- places

    /**
     * Sets a node's value that comes from the model, and gives back what goes on in its place, {@link PlaceHooks#UNCHANGED} for itself.
     *
     * @param offered tensors of the current scope
     */
    @Nullable
    Object offer(int number, @Nullable Object offered, Scope scope) {
        Object value = run.heap.admit(offered, scope);
        OpenPlace place = new OpenPlace(number, open);
        open = place;
        run.heap.retain(value);
        try {
            if (schedule.isWaiting(number)) {
                throw new GraphException(plan.describe(number) + " is reached before its condition '"
                        + plan.node(number).condition() + "' is known");
            }
            Object before = Tree.map(value, tensor -> tensor);
            watch(number, value);
            set(number, value);
            return taken(place, value, before);
        } finally {
            open = place.outer;
            run.heap.release(value);
        }
    }

    /** The place that may be set now, the innermost where one was reached inside the other; null for none. */
    @Nullable
    OpenPlace openPlace() {
        return open;
    }

    /** Makes a Swap node the one that {@code place} takes; the one before it is done and has no effect. */
    void offerSwap(OpenPlace place, int number) {
        Integer before = place.swap;
        place.swap = number;
        if (before != null) {
            set(before, false);
        }
    }

    /** The value of a place that nodes may write into when it is over is kept, to tell its memory from other values'. */
    private void watch(int number, @Nullable Object value) {
        if (plan.writes().isWatched(number) && !watched.containsKey(number)) {
            run.heap.retain(value);
            watched.put(number, value);
        }
    }

    /** @throws GraphException if a node writes into the value of a place or gradient that is over: nothing would come of it */
    void checkWrite(int number) {
        if (!plan.writes().late().contains(number)) {
            return;
        }
        Object target = values.get(plan.writes().target(number));
        for (int place : plan.writes().reachedBy(number)) {
            if (watched.containsKey(place) && !isOpen(place) && Tree.isPartOf(target, watched.get(place))) {
                throw new GraphException(plan.describe(number) + ": " + Describe.writtenTooLate(plan, number, place));
            }
        }
    }

    private boolean isOpen(int place) {
        for (OpenPlace at = open; at != null; at = at.outer) {
            if (at.node == place) {
                return true;
            }
        }
        return false;
    }

    /** @param before the value with the containers as they were, whose entries nodes may have set */
    private @Nullable Object taken(OpenPlace place, @Nullable Object current, @Nullable Object before) {
        Object now = Tree.isSame(before, current)
                ? PlaceHooks.UNCHANGED
                : Tree.map(current, tensor -> tensor.share().to(run.model.device()));
        while (place.swap != null) {
            int swap = place.swap;
            place.swap = null;
            now = take(swap, current);
        }
        return now;
    }

    /** The value of a Swap node: its tensors belong to the current scope and are on the device of {@code current}'s. */
    private @Nullable Object take(int number, @Nullable Object current) {
        Operation.Swap swap = (Operation.Swap) plan.operation(number);
        Object value = new Resolver(this::value, run.model.device()).resolve(swap.value());
        Tensor like = Tree.first(current);
        Object mine = Tree.map(
                value, tensor -> like == null ? tensor.share() : tensor.share().to(like.device()));
        set(number, true);
        return mine;
    }
}
