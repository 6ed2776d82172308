package io.sightline.job.table.write;

import java.util.ArrayList;
import java.util.List;

/** The rows of one group that were appended so far. */
final class GroupRows implements Comparable<GroupRows> {
    private final ActivationGroup group;
    private final List<ActivationRun> runs = new ArrayList<>();

    GroupRows(ActivationGroup group) {
        this.group = group;
    }

    ActivationGroup group() {
        return group;
    }

    void add(ActivationRun run) {
        runs.add(run);
    }

    int runCount() {
        return runs.size();
    }

    void forgetAfter(int runCount) {
        runs.subList(runCount, runs.size()).clear();
    }

    long rowCount() {
        return runs.stream().mapToLong(run -> run.rows().rows()).sum();
    }

    /** Numbers in each row, or -1 if rows differ. */
    int width() {
        int width = runs.isEmpty() ? -1 : runs.get(0).rows().width();
        return runs.stream().allMatch(run -> run.rows().width() == width) ? width : -1;
    }

    /**
     * The rows in file order.
     *
     * @throws IllegalStateException if a row was appended twice
     */
    List<ActivationRun> sorted() {
        List<ActivationRun> sorted = new ArrayList<>(runs);
        sorted.sort(ActivationRun.FILE_ORDER);
        for (int i = 1; i < sorted.size(); i++) {
            ActivationRun run = sorted.get(i);
            if (sorted.get(i - 1).overlaps(run)) {
                throw new IllegalStateException("rows of capture '" + group.name() + "', module " + group.module()
                        + ", prompt " + run.prompt().id() + ", step " + run.step() + " at position "
                        + run.firstPosition()
                        + " were appended twice; rewind the chunk before a batch is run again");
            }
        }
        return sorted;
    }

    @Override
    public int compareTo(GroupRows other) {
        return group.compareTo(other.group);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
