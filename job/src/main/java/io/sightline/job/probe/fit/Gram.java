package io.sightline.job.probe.fit;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Kernel;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import java.util.Arrays;

/**
 * {@code ZᵀZ} of the training rows in the design's coordinates, multiplied and added in float64.
 *
 * @param rows how many rows it was made from
 * @param values {@code [width, width]}, row-major
 */
@SuppressWarnings("ArrayRecordComponent")
record Gram(long rows, int width, double[] values) {
    private static final int ROWS_AT_ONCE = 4096;

    private static final Kernel ADD = Kernel.define(
            "gram",
            "total: Tensor, rows: Tensor, mean: Tensor, scale: Tensor, every: int",
            "Tensor",
            "x = torch.div(torch.sub(torch.to(torch.slice(rows, 0, 0, None, every), 7), mean), scale)",
            "return torch.addmm_(total, torch.t(x), x)");

    static Gram of(FitRows rows, Design design) {
        return ofEvery(1, rows, design);
    }

    /** From every n-th training row of each block. */
    static Gram ofEvery(int every, FitRows rows, Design design) {
        int width = rows.width();
        double[] flat = rows.sum(design, block -> products(block, every));
        double[] values = Arrays.copyOf(flat, width * width);
        return new Gram((long) flat[width * width], width, values);
    }

    private static double[] products(PreparedBlock block, int every) {
        int width = block.block().width();
        try (Scope scope = Scope.open()) {
            Tensor train = block.train();
            Affine coordinates = block.coordinates();
            Tensor mean = Tensor.of(coordinates.mean(), width).to(train.device());
            Tensor scale = Tensor.of(coordinates.scale(), width).to(train.device());
            Tensor total = Tensor.zeros(DType.FLOAT64, train.device(), width, width);
            long count = train.size(0);
            for (long start = 0; start < count; start += (long) ROWS_AT_ONCE * every) {
                long length = Math.min((long) ROWS_AT_ONCE * every, count - start);
                ADD.tensor(total, train.narrow(0, start, length), mean, scale, (long) every)
                        .close();
            }
            double[] flat = Arrays.copyOf(total.toDoubleArray(), width * width + 1);
            flat[width * width] = (count + every - 1) / every;
            return flat;
        }
    }

    /** {@code ZᵀZ / rows}, float64 {@code [width, width]}. */
    Tensor covariance(Device device) {
        return Tensor.of(values, width, width).to(device).mul(1.0 / Math.max(rows, 1));
    }
}
