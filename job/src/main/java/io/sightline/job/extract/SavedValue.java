package io.sightline.job.extract;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.interleave.Results;
import java.util.Arrays;

/**
 * A saved node and how its value is split by prompt.
 *
 * @param sequence for each dimension after the first: {@link #FIXED}, or how many entries it has more than the batch is wide (none or
 *     negative); such a dimension is cut to the prompt's own tokens
 * @param fixedNumbers the product of the other dimensions' sizes
 */
public record SavedValue(SavedNode source, int[] sequence, long fixedNumbers) implements Output {
    static final int FIXED = Integer.MIN_VALUE;

    public String name() {
        return source.name();
    }

    @Override
    public int invoke() {
        return source.invoke();
    }

    @Override
    public long rows(int tokens) {
        return 1;
    }

    @Override
    public long bytes(int tokens) {
        return Arrays.stream(sequence)
                        .filter(offset -> offset != FIXED)
                        .mapToLong(offset -> Math.max(0, tokens + offset))
                        .reduce(fixedNumbers, (a, b) -> a * b)
                * Float.BYTES;
    }

    /**
     * Splits the value by prompt.
     *
     * @throws IllegalStateException if the value does not have the inferred shape
     */
    @Override
    public void read(Results results, BatchRows batch, OutputRows.Receiver receiver) {
        Tensor tensor = source.tensor(results, batch.size());
        long[] shape = Arrays.stream(tensor.shape()).skip(1).toArray();
        float[][] numbers = new float[batch.size()][];
        int[][] shapes = new int[batch.size()][];
        if (Arrays.stream(sequence).allMatch(offset -> offset == FIXED)) {
            float[] all = tensor.toFloatArray();
            int each = all.length / batch.size();
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = Arrays.copyOfRange(all, i * each, (i + 1) * each);
                shapes[i] = ints(shape);
            }
        } else {
            for (int i = 0; i < numbers.length; i++) {
                try (Scope scope = Scope.open()) {
                    int pads = batch.width() - length(batch.prompts().get(i));
                    Tensor own = withoutPads(tensor.select(0, i), pads, shape);
                    numbers[i] = own.toFloatArray();
                    shapes[i] = ints(own.shape());
                }
            }
        }
        receiver.take(new SplitValue(this, batch, shapes, numbers));
    }

    private Tensor withoutPads(Tensor value, int pads, long[] shape) {
        Tensor own = value;
        for (int i = 0; i < sequence.length; i++) {
            if (sequence[i] != FIXED) {
                long kept = Math.max(0, shape[i] - pads);
                own = own.narrow(i, shape[i] - kept, kept);
            }
        }
        return own;
    }

    private static int[] ints(long[] sizes) {
        return Arrays.stream(sizes).mapToInt(Math::toIntExact).toArray();
    }
}
