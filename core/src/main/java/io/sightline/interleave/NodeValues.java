package io.sightline.interleave;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The values of one execution's nodes: each is kept until the last of those that use it is done. */
final class NodeValues {
    /** Stands where a node has no value, or not yet: None is one. */
    static final Object NOT_YET = new Object();

    private final Plan plan;
    private final Run run;
    private final @Nullable Object[] values;
    private final long[] arrivals;
    /** For each node how many uses of its value are to come. */
    private final int[] uses;
    /** For each Lock node how many Bridge nodes have yet to read through it. */
    private final int[] bridges;

    NodeValues(Plan plan, Run run) {
        int count = plan.nodes().size();
        this.plan = plan;
        this.run = run;
        values = new Object[count];
        Arrays.fill(values, NOT_YET);
        arrivals = new long[count];
        uses = Arrays.stream(plan.listeners()).mapToInt(users -> users.length).toArray();
        bridges = plan.bridges().clone();
    }

    boolean has(int number) {
        return values[number] != NOT_YET;
    }

    /** @throws IllegalStateException if there is none */
    @Nullable
    Object get(int number) {
        if (!has(number)) {
            throw new IllegalStateException("'" + plan.node(number).name() + "' has no value");
        }
        return values[number];
    }

    /** When the node's value arrived, in the order of all arrivals of the run; 0 for never. */
    long arrival(int number) {
        return arrivals[number];
    }

    /** A value arrives; its node is done with its own arguments. */
    void put(int number, @Nullable Object value) {
        replace(number, value);
        arrivals[number] = run.tick();
        letGoOfArguments(number);
    }

    /** Gives a node another value without telling anybody. */
    void replace(int number, @Nullable Object value) {
        run.heap.retain(value);
        free(number);
        values[number] = value;
    }

    /** A node that is done, or never will be, needs its arguments no more. */
    void letGoOfArguments(int number) {
        for (int argument : plan.dependencies()[number]) {
            uses[argument]--;
            freeIfUnused(argument);
        }
    }

    /** A Lock that a Bridge read through for the last time lets its node go. */
    void bridged(int lock) {
        if (!run.isRepeating() && --bridges[lock] == 0) {
            letGoOfArguments(lock);
        }
    }

    void freeIfUnused(int number) {
        if (uses[number] == 0) {
            free(number);
        }
    }

    /** Frees all values. */
    void discard() {
        for (int i = 0; i < values.length; i++) {
            free(i);
        }
    }

    private void free(int number) {
        if (has(number)) {
            Object before = values[number];
            values[number] = NOT_YET;
            run.heap.release(before);
        }
    }
}
