package io.sightline.job.extract;

import java.io.Serializable;

/**
 * A node that the graph saves, and how its value is split by prompt.
 *
 * @param graph the graph's id, as results name it
 * @param node the node's name
 * @param name what the values table calls it
 * @param step the generation step it belongs to
 * @param invoke whose rows it stands for; -1 where it depends on none or on several
 * @param sequence for each dimension after the first: {@link #FIXED}, or how many entries it has more than the batch is wide (none or
 *     negative); such a dimension is cut to the prompt's own tokens
 */
public record SavedValue(String graph, String node, String name, int step, int invoke, int[] sequence)
        implements Serializable {
    public static final int FIXED = Integer.MIN_VALUE;

    public boolean isFixed() {
        for (int offset : sequence) {
            if (offset != FIXED) {
                return false;
            }
        }
        return true;
    }
}
