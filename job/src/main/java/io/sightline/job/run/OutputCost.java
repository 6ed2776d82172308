package io.sightline.job.run;

import io.sightline.job.extract.Output;
import io.sightline.job.input.PromptCost;
import java.util.List;

/**
 * The cost of prompts by what leaves them and by the model's size.
 *
 * @param parameters of the model
 * @param columns text columns, each of which goes through the model
 */
record OutputCost(List<Output> outputs, long parameters, int columns) implements PromptCost {
    /** A number, not a measurement: a resumed run must find the same chunks on any machine. */
    private static final double OPERATIONS_PER_SECOND = 20e9;

    private static final int BYTES_PER_TOKEN = 8; // of the prompts table

    @Override
    public long bytes(int tokens) {
        int each = Math.max(1, tokens / columns);
        return outputs.stream().mapToLong(output -> output.bytes(each)).sum() + (long) BYTES_PER_TOKEN * each;
    }

    /** A token takes a multiplication and an addition for each parameter. */
    @Override
    public double seconds(int tokens) {
        return 2.0 * parameters * tokens / OPERATIONS_PER_SECOND;
    }
}
