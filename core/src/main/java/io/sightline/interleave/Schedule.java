package io.sightline.interleave;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Which nodes of one execution wait, are ready, have run, and never will. */
final class Schedule {
    private final Plan plan;
    private final int[] waits;
    private final boolean[] begun;
    private final boolean[] dead;

    Schedule(Plan plan) {
        this.plan = plan;
        waits = plan.waits().clone();
        begun = new boolean[waits.length];
        dead = new boolean[waits.length];
    }

    boolean isReady(int number) {
        return !isWaiting(number) && !begun[number] && !dead[number];
    }

    /** Whether a value or the condition that the node depends on has not arrived. */
    boolean isWaiting(int number) {
        return waits[number] > 0;
    }

    /** Whether the node depends on a condition that was false. */
    boolean isDead(int number) {
        return dead[number];
    }

    /** One of the values that the node waits for has arrived. */
    void notify(int number) {
        waits[number]--;
    }

    /** From now on the node is ready no more. */
    void begin(int number) {
        begun[number] = true;
    }

    /** A false condition: whatever depends on it, directly or through others, never runs. Gives those that now are dead. */
    List<Integer> kill(int condition) {
        List<Integer> killed = new ArrayList<>();
        Deque<Integer> open = new ArrayDeque<>(List.of(condition));
        while (!open.isEmpty()) {
            for (int listener : plan.listeners()[open.pop()]) {
                if (!dead[listener]) {
                    dead[listener] = true;
                    killed.add(listener);
                    open.push(listener);
                }
            }
        }
        return killed;
    }
}
