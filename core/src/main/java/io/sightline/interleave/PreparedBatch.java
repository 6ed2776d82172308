package io.sightline.interleave;

import io.sightline.engine.Tensor;
import io.sightline.nn.Args;
import java.util.Arrays;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A batch as the model is called with it.
 *
 * @param args the root module's arguments
 * @param rowsPerInvoke how many rows each invoke has, in their order; their sum is the batch's rows
 */
public record PreparedBatch(Args args, int[] rowsPerInvoke) {
    public PreparedBatch {
        rowsPerInvoke = rowsPerInvoke.clone();
    }

    @Override
    public int[] rowsPerInvoke() {
        return rowsPerInvoke.clone();
    }

    int rows() {
        return Arrays.stream(rowsPerInvoke).sum();
    }

    /** The second dimension of the batch's first matrix: how many tokens wide it is; 1 where there is none. */
    long width() {
        for (Object value : Stream.concat(Stream.ofNullable(args.get("input_ids")), args.positional().stream())
                .toList()) {
            if (value instanceof Tensor tensor && tensor.dimensions() >= 2) {
                return tensor.size(1);
            }
        }
        return 1;
    }

    /** Whether the attention mask hides anything: prompts of unlike lengths. */
    boolean isPadded() {
        return args.get(1, "attention_mask") instanceof Tensor mask
                && !mask.isMeta()
                && LongStream.of(mask.toLongArray()).anyMatch(shown -> shown == 0);
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return other instanceof PreparedBatch batch
                && args.equals(batch.args)
                && Arrays.equals(rowsPerInvoke, batch.rowsPerInvoke);
    }

    @Override
    public int hashCode() {
        return 31 * args.hashCode() + Arrays.hashCode(rowsPerInvoke);
    }
}
