package io.sightline.job.probe.fit;

import io.sightline.engine.Device;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A block seen through a design: its training rows and their targets as tensors, made when first asked for and kept until closed. */
public final class PreparedBlock implements AutoCloseable {
    private final BaseRows rows;
    private final Design design;
    private final int[] trainRows;

    @Nullable
    private Tensor train;

    @Nullable
    private Tensor trainTargets;

    /** @param rows stay the caller's to close */
    public PreparedBlock(BaseRows rows, Design design) {
        this.rows = rows;
        this.design = design;
        trainRows = rowsOf(Part.TRAIN);
    }

    RowBlock block() {
        return rows.block();
    }

    Design design() {
        return design;
    }

    Device device() {
        return rows.device();
    }

    /** The way from the base coordinates, which the tensors are in, to the design's. */
    Affine coordinates() {
        return design.coordinates().from(rows.base());
    }

    /** The block's training rows, as row numbers. */
    int[] trainRows() {
        return trainRows;
    }

    /** Row numbers of the rows whose prompt is in {@code part}. */
    int[] rowsOf(Part part) {
        int[] prompts = block().prompts();
        return IntStream.range(0, prompts.length)
                .filter(row -> design.partOf(prompts[row]) == part)
                .toArray();
    }

    /** All rows in the base coordinates {@code [rows, width]}, float32. */
    Tensor all() {
        return rows.tensor();
    }

    /** Training rows in the base coordinates {@code [training rows, width]}, float32; this block's own. */
    Tensor train() {
        if (trainRows.length == block().rows()) {
            return all();
        }
        if (train == null) {
            train = owned(() -> these(trainRows));
        }
        return train;
    }

    /** Some rows in the base coordinates {@code [rows, width]}, float32; the caller's scope owns it. */
    Tensor these(int[] chosen) {
        long[] index = IntStream.of(chosen).asLongStream().toArray();
        return all().indexSelect(0, Tensor.of(index, index.length).to(device()));
    }

    /**
     * The classes of the training rows by variant {@code [variants, training rows]}: of two classes as float32 0 and 1, and -1 where a variant does
     * not use a row, of more as int64; this block's own.
     */
    Tensor trainTargets() {
        if (trainTargets == null) {
            trainTargets = owned(this::targets);
        }
        return trainTargets;
    }

    private static Tensor owned(Supplier<Tensor> maker) {
        try (Scope scope = Scope.open()) {
            return scope.keep(maker.get()).release();
        }
    }

    private Tensor targets() {
        List<Tensor> variants = new ArrayList<>();
        for (int[] classes : design.targets().classOfPrompt()) {
            variants.add(design.targets().classes() > 2 ? classes(classes) : signs(classes));
        }
        return Tensor.cat(variants, 0).to(device());
    }

    private Tensor classes(int[] classOfPrompt) {
        long[] values = new long[trainRows.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = classOfPrompt[block().prompts()[trainRows[i]]];
        }
        return Tensor.of(values, 1, values.length);
    }

    private Tensor signs(int[] classOfPrompt) {
        float[] values = new float[trainRows.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = classOfPrompt[block().prompts()[trainRows[i]]];
        }
        return Tensor.of(values, 1, values.length);
    }

    @Override
    public void close() {
        if (train != null) {
            train.close();
        }
        if (trainTargets != null) {
            trainTargets.close();
        }
    }
}
