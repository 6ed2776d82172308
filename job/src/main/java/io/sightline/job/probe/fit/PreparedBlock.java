package io.sightline.job.probe.fit;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A block seen through a design: its training rows as tensors in the design's coordinates, made when first asked for and kept until closed. */
public final class PreparedBlock implements AutoCloseable {
    private static final int ROWS_PER_COPY = 4096;

    private final Block block;
    private final Design design;
    private final Device device;
    private final int[] trainRows;

    @Nullable
    private Tensor train;

    @Nullable
    private Tensor trainTargets;

    public PreparedBlock(Block block, Design design, Device device) {
        this.block = block;
        this.design = design;
        this.device = device;
        trainRows = rowsOf(Part.TRAIN);
    }

    Block block() {
        return block;
    }

    Design design() {
        return design;
    }

    Device device() {
        return device;
    }

    /** The block's training rows, as row numbers. */
    int[] trainRows() {
        return trainRows;
    }

    /** Row numbers of the rows whose prompt is in {@code part}. */
    int[] rowsOf(Part part) {
        return IntStream.range(0, block.rows())
                .filter(row -> design.partOf(block.prompts()[row]) == part)
                .toArray();
    }

    /** Training rows in the design's coordinates {@code [rows, width]}, float64 on the CPU and float32 elsewhere; this block's own. */
    Tensor train() {
        if (train == null) {
            train = owned(() -> matrix(trainRows));
        }
        return train;
    }

    /**
     * Training targets by variant {@code [variants, rows]}: classes as int64, of two classes as float64 0 and 1, numbers as float64; this
     * block's own.
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

    /** Any rows in the design's coordinates {@code [rows, width]}, float64 on the CPU and float32 elsewhere; the caller's scope owns it. */
    Tensor matrix(int[] rows) {
        int width = block.width();
        Tensor matrix = Tensor.empty(dtype(device), device, rows.length, width);
        for (int start = 0; start < rows.length; start += ROWS_PER_COPY) {
            int count = Math.min(ROWS_PER_COPY, rows.length - start);
            try (Scope scope = Scope.open()) {
                Tensor copied = Tensor.of(coordinates(rows, start, count), count, width);
                matrix.narrow(0, start, count).copyFrom(copied);
            }
        }
        return matrix;
    }

    /** Float64 costs a CPU about twice float32 and a GPU up to 64 times. */
    static DType dtype(Device device) {
        return device.isCpu() ? DType.FLOAT64 : DType.FLOAT32;
    }

    private double[] coordinates(int[] rows, int start, int count) {
        int width = block.width();
        double[] values = new double[count * width];
        for (int i = 0; i < count; i++) {
            design.coordinates().apply(block.values(), rows[start + i] * width, values, i * width);
        }
        return values;
    }

    private Tensor targets() {
        List<Tensor> variants = new ArrayList<>();
        for (int variant = 0; variant < design.targets().variants(); variant++) {
            variants.add(design.targets().classes() > 2 ? classes(variant) : numbers(variant));
        }
        return Tensor.cat(variants, 0).to(device);
    }

    private Tensor classes(int variant) {
        int[] classes = design.targets().classOfPrompt()[variant];
        long[] values = IntStream.of(trainRows)
                .mapToLong(row -> classes[block.prompts()[row]])
                .toArray();
        return Tensor.of(values, 1, values.length);
    }

    private Tensor numbers(int variant) {
        double[] values = IntStream.of(trainRows)
                .mapToDouble(row -> target(variant, block.prompts()[row]))
                .toArray();
        return Tensor.of(values, 1, values.length);
    }

    private double target(int variant, int prompt) {
        Targets targets = design.targets();
        return targets.isRegression()
                ? targets.valueOfPrompt()[variant][prompt]
                : targets.classOfPrompt()[variant][prompt];
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
