package io.sightline.interleave;

import io.sightline.engine.Scope;
import io.sightline.graph.GraphException;
import io.sightline.graph.Operation;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One execution of one graph: which nodes have their value, and who still waits for what. In a trace a node runs as soon as the last value it
 * waits for arrives, depth first in the order of the nodes; in a sequential graph nodes run in order.
 */
final class Execution {
    /** Stands where a node has no value; a value may be None. */
    static final Object UNSET = new Object();

    final Plan plan;
    final Run run;
    private final @Nullable Object[] values;
    private final int[] waits;
    private final int[] holds;
    private final int[] bridges;
    private final boolean[] executed;
    private final boolean[] dead;
    private final long[] arrivals;
    private final NodeRunner runner;
    private boolean stopped;
    private int swap = -1;
    private @Nullable Object held = UNSET;
    private @Nullable Object item = UNSET;

    Execution(Plan plan, Run run) {
        int count = plan.nodes().size();
        this.plan = plan;
        this.run = run;
        values = new Object[count];
        Arrays.fill(values, UNSET);
        waits = plan.waits().clone();
        holds = new int[count];
        for (int i = 0; i < count; i++) {
            holds[i] = plan.listeners()[i].length;
        }
        bridges = plan.bridges().clone();
        executed = new boolean[count];
        dead = new boolean[count];
        arrivals = new long[count];
        runner = new NodeRunner(this);
    }

    // ---- values

    boolean has(int number) {
        return values[number] != UNSET;
    }

    boolean isDead(int number) {
        return dead[number];
    }

    boolean hasRun(int number) {
        return executed[number];
    }

    /** When the node's value arrived. */
    long arrival(int number) {
        return arrivals[number];
    }

    @Nullable
    Object value(int number) {
        if (!has(number)) {
            throw new IllegalStateException("'" + plan.node(number).name() + "' has no value");
        }
        return values[number];
    }

    @Nullable
    Object value(String name) {
        return value(number(name));
    }

    int number(String name) {
        Integer number = plan.numbers().get(name);
        if (number == null) {
            throw new IllegalStateException("no node '" + name + "'");
        }
        return number;
    }

    /** Keeps a value of another graph from being freed before it arrives here. */
    @Nullable
    Object hold(@Nullable Object value) {
        held = value;
        run.heap.retain(value);
        return value;
    }

    /** Gives a node another value without telling anybody. */
    void update(int number, @Nullable Object value) {
        run.heap.retain(value);
        Object before = values[number];
        values[number] = value;
        if (before != UNSET) {
            run.heap.release(before);
        }
    }

    private void free(int number) {
        if (has(number)) {
            Object before = values[number];
            values[number] = UNSET;
            run.heap.release(before);
        }
    }

    /** Frees all values. */
    void discard() {
        for (int i = 0; i < values.length; i++) {
            free(i);
        }
    }

    /** The current item of the loop that this graph is the body of. */
    void setItem(@Nullable Object value) {
        item = value;
    }

    boolean hasItem() {
        return item != UNSET;
    }

    @Nullable
    Object item() {
        return item;
    }

    // ---- running

    /** Runs what can run without the model: everything of a sequential graph, the roots of a trace. */
    void start() {
        if (plan.graph().sequential()) {
            for (int i = 0; i < values.length; i++) {
                if (isReady(i)) {
                    execute(i);
                }
            }
            return;
        }
        for (int i = 0; i < values.length; i++) {
            if (plan.waits()[i] == 0 && isReady(i)) {
                execute(i);
            }
        }
    }

    private boolean isReady(int number) {
        return waits[number] == 0 && !executed[number] && !dead[number];
    }

    private void execute(int number) {
        Object result = runner.run(number);
        if (result != UNSET) {
            set(number, result);
        }
    }

    /** Sets a node's value, runs who waited for it last, and frees what is no longer needed. */
    void set(int number, @Nullable Object value) {
        Deque<int[]> open = new ArrayDeque<>();
        arrive(number, value);
        open.push(new int[] {number, 0});
        while (!open.isEmpty()) {
            int[] frame = open.element();
            int[] listeners = plan.listeners()[frame[0]];
            if (frame[1] == listeners.length) {
                open.pop();
                freeIfUnheld(frame[0]);
                continue;
            }
            int listener = listeners[frame[1]++];
            waits[listener]--;
            if (isReady(listener) && !plan.graph().sequential()) {
                Object result = runner.run(listener);
                if (result != UNSET) {
                    arrive(listener, result);
                    open.push(new int[] {listener, 0});
                }
            }
        }
    }

    private void arrive(int number, @Nullable Object value) {
        run.heap.retain(value);
        if (held != UNSET) {
            run.heap.release(held);
            held = UNSET;
        }
        values[number] = value;
        arrivals[number] = run.tick();
        executed[number] = true;
        letGo(number);
    }

    /** A node that is done needs its arguments no more. */
    private void letGo(int number) {
        for (int dependency : plan.dependencies()[number]) {
            holds[dependency]--;
            freeIfUnheld(dependency);
        }
    }

    private void freeIfUnheld(int number) {
        if (holds[number] == 0) {
            free(number);
        }
    }

    void markExecuted(int number) {
        executed[number] = true;
    }

    /** A false condition: whatever depends on it never runs, and holds on to nothing. */
    void kill(int condition) {
        Deque<Integer> open = new ArrayDeque<>();
        open.push(condition);
        while (!open.isEmpty()) {
            for (int listener : plan.listeners()[open.pop()]) {
                if (!dead[listener]) {
                    dead[listener] = true;
                    letGo(listener);
                    open.push(listener);
                }
            }
        }
    }

    /** A Lock that a Bridge read through for the last time lets its node go. */
    void bridged(int lock) {
        if (!run.isRepeating() && --bridges[lock] == 0) {
            letGo(lock);
        }
    }

    /** The forward pass was ended early. */
    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    /** An Intervention that a node depends on and that never got a value, or null. */
    Operation.@Nullable Intervention firstMissed(int number) {
        Deque<Integer> open = new ArrayDeque<>();
        boolean[] seen = new boolean[values.length];
        open.push(number);
        while (!open.isEmpty()) {
            int next = open.pop();
            if (seen[next]) {
                continue;
            }
            seen[next] = true;
            if (plan.operation(next) instanceof Operation.Intervention intervention && arrivals[next] == 0) {
                return intervention;
            }
            for (int dependency : plan.dependencies()[next]) {
                open.push(dependency);
            }
        }
        return null;
    }

    // ---- swaps

    /** Makes {@code number} the Swap that the open place or gradient takes. */
    void offerSwap(int number) {
        int before = swap;
        swap = number;
        if (before >= 0) {
            set(before, false);
        }
    }

    /**
     * Takes the value that was offered in place of {@code current}: its tensors belong to the current scope and are on the device of
     * {@code current}'s.
     */
    @Nullable
    Object takeSwap(@Nullable Object current) {
        int taken = swap;
        if (taken < 0) {
            return current;
        }
        swap = -1;
        Operation.Swap operation = (Operation.Swap) plan.operation(taken);
        Object value = new Resolver(this::value, run.model.device()).resolve(operation.value());
        io.sightline.engine.Tensor like = Tree.first(current);
        Object mine = Tree.map(
                value, tensor -> like == null ? tensor.share() : tensor.share().to(like.device()));
        set(taken, true);
        return mine;
    }

    // ---- places

    /** The Intervention or Grad node whose value may be swapped now, or -1. */
    private int openTarget = -1;

    int openTarget() {
        return openTarget;
    }

    /**
     * Sets a node's value that comes from the model, and gives back what goes on in its place, {@link PlaceHooks#UNCHANGED} for itself.
     *
     * @param offered tensors of the current scope
     */
    @Nullable
    Object offer(int number, @Nullable Object offered, Scope scope) {
        Object value = run.heap.admit(offered, scope);
        int outer = openTarget;
        openTarget = number;
        run.heap.retain(value);
        try {
            if (waits[number] > 0) {
                throw new GraphException(plan.describe(number) + " is reached before its condition '"
                        + plan.node(number).condition() + "' is known");
            }
            set(number, value);
            return swap < 0 ? PlaceHooks.UNCHANGED : takeSwap(value);
        } finally {
            openTarget = outer;
            run.heap.release(value);
        }
    }
}
