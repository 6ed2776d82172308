package io.sightline.job.probe.fit;

import io.sightline.engine.Device;
import java.io.Serializable;
import java.util.List;

/** The rows of one probe data set, wherever they lie: in one task's memory, or in blocks all over a cluster. */
public interface FitRows {
    int width();

    /** Coordinates of about zero mean and unit variance, that blocks are held in as float32. */
    Affine base();

    /** Whether the rows lie on several machines (or could). */
    boolean areDistributed();

    /** Where matrices that belong to no block (Gram, eigenvectors) are worked on. */
    Device device();

    /** The element-wise sum of what {@code pass} gives for each block; always added in the same order. */
    double[] sum(Design design, Pass<double[]> pass);

    /** What {@code pass} gives for each block, in the blocks' order. */
    <T extends Serializable> List<T> each(Design design, Pass<T> pass);

    /** Work on one block; travels to where the block is. */
    @FunctionalInterface
    interface Pass<T> extends Serializable {
        T of(PreparedBlock block);
    }
}
