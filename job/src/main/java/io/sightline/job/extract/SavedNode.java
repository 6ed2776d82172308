package io.sightline.job.extract;

import io.sightline.engine.Tensor;
import io.sightline.interleave.Results;
import io.sightline.job.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * A node that the graph saves.
 *
 * @param graph the graph's id, as results name it
 * @param node the node's name
 * @param name what the values table calls it
 * @param step the generation step it belongs to
 * @param invoke whose rows it stands for; -1 where it depends on none or on several
 */
public record SavedNode(String graph, String node, String name, int step, int invoke) implements OutputRequest {
    @Override
    public @Nullable Object value(Results results) {
        return results.get(graph, node);
    }

    @Override
    public SavedValue resolve(Observed large, Observed small) {
        long[] shape = large.shape();
        long[] other = small.shape();
        if (shape == null
                || other == null
                || shape.length == 0
                || shape[0] != large.prompts()
                || other[0] != small.prompts()) {
            throw new ConfigException(
                    "graph: the saved node '" + node + "' is "
                            + (shape == null
                                    ? "not a tensor"
                                    : "a tensor of shape " + Observed.symbols(shape, large.prompts(), large.width()))
                            + "; a job splits saved values by prompt, so they must be tensors with the batch first, [batch, …]");
        }
        int[] sequence = new int[shape.length - 1];
        long fixedNumbers = 1;
        for (int i = 0; i < sequence.length; i++) {
            boolean isByToken = isByToken(shape[i + 1], i + 1 < other.length ? other[i + 1] : 0, large, small);
            sequence[i] = isByToken ? Math.toIntExact(shape[i + 1] - large.width()) : SavedValue.FIXED;
            fixedNumbers *= isByToken ? 1 : shape[i + 1];
        }
        return new SavedValue(this, sequence, fixedNumbers);
    }

    /** A dimension that grows with the batch's width is one of tokens. */
    private static boolean isByToken(long size, long other, Observed large, Observed small) {
        long grown = size - other;
        return large == small ? size == large.width() : grown != 0 && grown == (long) large.width() - small.width();
    }

    /** The value's numbers, or what is wrong with it in the middle of a run. */
    Tensor tensor(Results results, int prompts) {
        Object value = value(results);
        if (!(value instanceof Tensor tensor) || tensor.dimensions() == 0 || tensor.size(0) != prompts) {
            throw new IllegalStateException("the graph's node '" + node + "' gave " + value + " for " + prompts
                    + " prompts; a saved value must be a tensor with one entry a prompt in its first dimension");
        }
        return tensor;
    }
}
