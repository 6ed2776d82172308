package io.sightline.job.extract;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.interleave.Results;
import io.sightline.job.table.write.ChunkWriter;
import java.util.Arrays;

/** Splits the graph's saved values by prompt, cutting their sequence dimensions to the prompt's own tokens. */
public final class ValueSplitter {
    private final SavedValue saved;

    public ValueSplitter(SavedValue saved) {
        this.saved = saved;
    }

    /**
     * Reads the value and gives the step that stores it.
     *
     * @throws IllegalStateException if the value is not what the rehearsal said it would be
     */
    public Split read(Results results, BatchRows batch) {
        Object value = results.get(saved.graph(), saved.node());
        if (!(value instanceof Tensor tensor) || tensor.dimensions() == 0 || tensor.size(0) != batch.size()) {
            throw new IllegalStateException(
                    "the graph's node '" + saved.node() + "' gave " + value + " for " + batch.size()
                            + " prompts; a saved value must be a tensor with one entry a prompt in its first dimension");
        }
        long[] shape = tensor.shape();
        int size = batch.size();
        float[][] numbers = new float[size][];
        int[][] shapes = new int[size][];
        if (saved.isFixed()) {
            float[] all = tensor.toFloatArray();
            int each = all.length / size;
            for (int i = 0; i < size; i++) {
                numbers[i] = Arrays.copyOfRange(all, i * each, (i + 1) * each);
                shapes[i] = ints(shape);
            }
        } else {
            for (int i = 0; i < size; i++) {
                try (Scope scope = Scope.open()) {
                    Tensor own = cut(tensor.select(0, i), batch.width() - length(batch, i), shape);
                    numbers[i] = own.toFloatArray();
                    long[] all = own.shape();
                    shapes[i] = Arrays.stream(all).mapToInt(Math::toIntExact).toArray();
                }
            }
        }
        return new Split(saved, batch, shapes, numbers);
    }

    /** A value that mixes invokes is cut to the longest: their rows are padded together. */
    private int length(BatchRows batch, int prompt) {
        return saved.invoke() < 0 ? batch.prompts().get(prompt).width() : batch.length(prompt, saved.invoke());
    }

    private Tensor cut(Tensor value, int pads, long[] shape) {
        Tensor own = value;
        for (int i = 0; i < saved.sequence().length; i++) {
            if (saved.sequence()[i] != SavedValue.FIXED) {
                long kept = Math.max(0, shape[i + 1] - pads);
                own = own.narrow(i, shape[i + 1] - kept, kept);
            }
        }
        return own;
    }

    private static int[] ints(long[] shape) {
        return Arrays.stream(shape).skip(1).mapToInt(Math::toIntExact).toArray();
    }

    /** One saved value of a batch, by prompt, on the host. */
    public record Split(SavedValue saved, BatchRows batch, int[][] shapes, float[][] numbers) {
        long bytes() {
            long count = 0;
            for (float[] one : numbers) {
                count += one.length;
            }
            return count * Float.BYTES;
        }

        void writeTo(ChunkWriter writer) {
            for (int i = 0; i < numbers.length; i++) {
                writer.value(batch.refs().get(i), saved.name(), saved.step(), shapes[i], numbers[i], 0);
            }
        }
    }
}
