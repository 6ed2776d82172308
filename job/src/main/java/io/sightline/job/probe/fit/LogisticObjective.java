package io.sightline.job.probe.fit;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Kernel;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * The log loss and its gradient of many linear models over the same rows in one pass: the rows are read once, in products with all models. Two classes have
 * one output and the sigmoid, more have one output a class and the softmax.
 *
 * <p>The rows are kept as float32 in the base coordinates. On a CPU pieces of them are multiplied as float64, which costs little when many models share them; on a
 * GPU, where float64 may cost 64 times as much, products are float32. Losses and gradients are added over the pieces in float64.
 */
final class LogisticObjective {
    private static final long LOGITS_AT_ONCE = 4_000_000;
    private static final long MOST_ROWS_AT_ONCE = 2048;

    private static final Kernel BINARY = Kernel.define(
            "logistic loss",
            "rows: Tensor, w: Tensor, b: Tensor, y: Tensor, variant: Tensor",
            "Tensor",
            "z = torch.to(rows, ops.prim.dtype(w))",
            "logits = torch.addmm(b, z, torch.t(w))",
            "t = torch.t(torch.index_select(y, 0, variant))",
            "used = torch.to(torch.ge(t, 0.0), ops.prim.dtype(w))",
            "t = torch.clamp(t, 0.0)",
            "losses = torch.mul(torch.sub(torch.softplus(logits), torch.mul(t, logits)), used)",
            "r = torch.mul(torch.sub(torch.sigmoid(logits), t), used)",
            "loss = torch.sum(losses, [0], dtype=7)",
            "gw = torch.to(torch.matmul(torch.t(r), z), 7)",
            "gb = torch.sum(r, [0], dtype=7)",
            "return torch.cat([torch.unsqueeze(loss, 1), gw, torch.unsqueeze(gb, 1)], 1)");

    private static final Kernel MULTINOMIAL = Kernel.define(
            "softmax loss",
            "x: Tensor, w: Tensor, b: Tensor, y: Tensor, variant: Tensor, classes: int",
            "Tensor",
            "z = torch.to(x, ops.prim.dtype(w))",
            "rows = torch.size(z, 0)",
            "problems = torch.size(variant, 0)",
            "logits = torch.addmm(b, z, torch.t(w))",
            "logp = torch.log_softmax(torch.view(logits, [rows, problems, classes]), 2)",
            "t = torch.unsqueeze(torch.t(torch.index_select(y, 0, variant)), 2)",
            "picked = torch.squeeze(torch.gather(logp, 2, t), 2)",
            "loss = torch.neg(torch.sum(picked, [0], dtype=7))",
            "r = torch.scatter_add(torch.exp(logp), 2, t, torch.full_like(torch.to(t, ops.prim.dtype(w)), -1.0))",
            "r = torch.view(r, [rows, -1])",
            "gw = torch.view(torch.to(torch.matmul(torch.t(r), z), 7), [problems, -1])",
            "gb = torch.view(torch.sum(r, [0], dtype=7), [problems, classes])",
            "return torch.cat([torch.unsqueeze(loss, 1), gw, gb], 1)");

    /** A sum of losses, and its gradient by weights {@code [outputs, width]}, then biases {@code [outputs]}. */
    @SuppressWarnings("ArrayRecordComponent")
    record Result(double loss, double[] gradient) {}

    private final FitRows rows;
    private final Design design;

    /** @param design whose training rows and targets count; its coordinates do not */
    LogisticObjective(FitRows rows, Design design) {
        this.rows = rows;
        this.design = design;
    }

    /** The relative error of values computed on a device. */
    static double rounding(Device device) {
        return device.isCpu() ? 1e-14 : 1e-8;
    }

    /**
     * Evaluates all models in one pass.
     *
     * @param variants which variant of the targets each model is held against
     * @param points each model's parameters in the base coordinates, as in {@link Result}
     */
    List<Result> at(int[] variants, double[][] points) {
        int outputs = design.targets().outputs();
        double[] flat = rows.sum(design, block -> losses(block, points, variants, outputs));
        int stride = points[0].length + 1;
        Result[] results = new Result[points.length];
        Arrays.setAll(
                results, k -> new Result(flat[k * stride], Arrays.copyOfRange(flat, k * stride + 1, (k + 1) * stride)));
        return List.of(results);
    }

    private static double[] losses(PreparedBlock block, double[][] points, int[] variants, int outputs) {
        int width = block.block().width();
        Device device = block.device();
        try (Scope scope = Scope.open()) {
            Tensor z = block.train();
            Tensor y = block.trainTargets();
            Tensor w = packed(points, 0, outputs * width)
                    .reshape((long) points.length * outputs, width)
                    .to(dtype(device))
                    .to(device);
            Tensor b =
                    packed(points, outputs * width, outputs).to(dtype(device)).to(device);
            Tensor variant = Tensor.of(Arrays.stream(variants).asLongStream().toArray(), variants.length)
                    .to(device);
            long count = z.size(0);
            long step = Math.max(256, Math.min(MOST_ROWS_AT_ONCE, LOGITS_AT_ONCE / ((long) points.length * outputs)));
            Tensor sum = Tensor.zeros(DType.FLOAT64, device, points.length, (long) outputs * (width + 1) + 1);
            for (long start = 0; start < count; start += step) {
                long length = Math.min(step, count - start);
                try (Scope chunk = Scope.open()) {
                    Tensor part = part(z.narrow(0, start, length), w, b, y.narrow(1, start, length), variant, outputs);
                    sum.copyFrom(sum.add(part));
                }
            }
            return sum.toDoubleArray();
        }
    }

    private static Tensor part(Tensor z, Tensor w, Tensor b, Tensor y, Tensor variant, int outputs) {
        return outputs == 1
                ? BINARY.tensor(z, w, b, y, variant)
                : MULTINOMIAL.tensor(z, w, b, y, variant, (long) outputs);
    }

    private static DType dtype(Device device) {
        return device.isCpu() ? DType.FLOAT64 : DType.FLOAT32;
    }

    /** {@code points[:, from : from + each]}, one after the other. */
    private static Tensor packed(double[][] points, int from, int each) {
        double[] flat = new double[Math.multiplyExact(points.length, each)];
        for (int k = 0; k < points.length; k++) {
            System.arraycopy(points[k], from, flat, k * each, each);
        }
        return Tensor.of(flat, flat.length);
    }
}
