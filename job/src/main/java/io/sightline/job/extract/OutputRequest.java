package io.sightline.job.extract;

import io.sightline.graph.Place;
import io.sightline.interleave.Results;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An {@link Output} before its shape is known; {@link ShapeInference} finds the shape. */
public sealed interface OutputRequest extends Serializable permits CaptureTarget, SavedNode {
    /** The place to look at during the forward pass, if the output comes from there. */
    default Optional<Place> place() {
        return Optional.empty();
    }

    /** The value in the graph's results, if the output comes from there. */
    default @Nullable Object value(Results results) {
        return null;
    }

    /**
     * The output, by what two batches gave that differ in their number of prompts and in their width. Where the graph failed on the small
     * batch, {@code small} is {@code large}.
     *
     * @throws io.sightline.job.config.ConfigException if the value can't be split by prompt
     */
    Output resolve(Observed large, Observed small);

    /**
     * What one batch gave.
     *
     * @param width tokens of each row, pads included
     * @param shape null where there was no tensor
     */
    record Observed(int prompts, int invokes, int width, long @Nullable [] shape) {
        int rows() {
            return prompts * invokes;
        }

        /** {@code [batch, seq, 4]}: sizes that come from the batch by their names. */
        static String symbols(long[] shape, int batch, int width) {
            return Arrays.toString(Arrays.stream(shape)
                    .mapToObj(size -> size == batch ? "batch" : size == width ? "seq" : Long.toString(size))
                    .toArray());
        }
    }
}
