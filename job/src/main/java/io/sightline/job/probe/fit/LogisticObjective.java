package io.sightline.job.probe.fit;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Kernel;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Scikit-learn's {@code LogisticRegression} objective, divided by the number of training rows: the mean log loss plus {@code |w|² / (2 C n)}, the
 * intercept unpenalised. Two classes have one output and the sigmoid, more have one output a class and the softmax, each of them penalised.
 *
 * <p>On the CPU all of it is float64. On a GPU the two products with the rows are float32, and losses and gradients are added over row
 * blocks in float64. Parameters of one problem: weights
 * {@code [outputs, width]}, then biases {@code [outputs]}.
 */
final class LogisticObjective {
    private static final long LOGITS_AT_ONCE = 4_000_000;

    private static final Kernel BINARY = Kernel.define(
            "logistic loss",
            "z: Tensor, w: Tensor, b: Tensor, y: Tensor, variant: Tensor",
            "Tensor",
            "logits = torch.add(torch.to(torch.matmul(z, torch.t(w)), 7), b)",
            "t = torch.t(torch.index_select(y, 0, variant))",
            "loss = torch.sum(torch.sub(torch.softplus(logits), torch.mul(t, logits)), [0])",
            "r = torch.sub(torch.sigmoid(logits), t)",
            "gw = torch.to(torch.matmul(torch.t(torch.to(r, ops.prim.dtype(z))), z), 7)",
            "return torch.cat([torch.unsqueeze(loss, 1), gw, torch.unsqueeze(torch.sum(r, [0]), 1)], 1)");

    private static final Kernel MULTINOMIAL = Kernel.define(
            "softmax loss",
            "z: Tensor, w: Tensor, b: Tensor, y: Tensor, variant: Tensor, classes: int",
            "Tensor",
            "rows = torch.size(z, 0)",
            "problems = torch.size(variant, 0)",
            "logits = torch.add(torch.matmul(z, torch.t(w)), torch.to(b, ops.prim.dtype(z)))",
            "logp = torch.log_softmax(torch.view(logits, [rows, problems, classes]), 2)",
            "t = torch.unsqueeze(torch.t(torch.index_select(y, 0, variant)), 2)",
            "picked = torch.to(torch.squeeze(torch.gather(logp, 2, t), 2), 7)",
            "loss = torch.neg(torch.sum(picked, [0]))",
            "r = torch.scatter_add(torch.exp(logp), 2, t, torch.full_like(torch.to(t, ops.prim.dtype(z)), -1.0))",
            "r = torch.view(r, [rows, -1])",
            "gw = torch.view(torch.to(torch.matmul(torch.t(r), z), 7), [problems, -1])",
            "gb = torch.view(torch.sum(torch.to(r, 7), [0]), [problems, classes])",
            "return torch.cat([torch.unsqueeze(loss, 1), gw, gb], 1)");

    /** One problem over the design's rows: which variant of the targets, and the penalty {@code 1 / (C n)}. */
    record Problem(int variant, double penalty) {}

    /** A problem's value and gradient at one point. */
    @SuppressWarnings("ArrayRecordComponent")
    record Result(double value, double[] gradient) {}

    private final Rows rows;
    private final Design design;
    private final long count;

    LogisticObjective(Rows rows, Design design, long count) {
        this.rows = rows;
        this.design = design;
        this.count = count;
    }

    /** The relative error of values computed on a device. */
    static double rounding(Device device) {
        return device.isCpu() ? 1e-14 : 1e-8;
    }

    int parameters() {
        return design.targets().outputs() * (rows.width() + 1);
    }

    /** Evaluates all problems in one pass over the rows, each at its own point. */
    List<Result> at(List<Problem> problems, List<double[]> points) {
        int outputs = design.targets().outputs();
        int[] variants = problems.stream().mapToInt(Problem::variant).toArray();
        double[][] parameters = points.toArray(new double[0][]);
        double[] flat = rows.sum(design, block -> losses(block, parameters, variants, outputs));
        int stride = parameters() + 1;
        Result[] results = new Result[problems.size()];
        Arrays.setAll(results, k -> {
            double[] own = Arrays.copyOfRange(flat, k * stride, (k + 1) * stride);
            return penalised(own, points.get(k), problems.get(k).penalty());
        });
        return List.of(results);
    }

    private Result penalised(double[] lossAndGradient, double[] point, double penalty) {
        double[] gradient = Arrays.copyOfRange(lossAndGradient, 1, lossAndGradient.length);
        Vectors.scale(gradient, 1.0 / count);
        double squares = 0;
        int weights = design.targets().outputs() * rows.width();
        for (int i = 0; i < weights; i++) {
            squares += point[i] * point[i];
            gradient[i] += penalty * point[i];
        }
        return new Result(lossAndGradient[0] / count + 0.5 * penalty * squares, gradient);
    }

    private static double[] losses(PreparedBlock block, double[][] points, int[] variants, int outputs) {
        int width = block.block().width();
        try (Scope scope = Scope.open()) {
            Tensor z = block.train();
            Tensor y = block.trainTargets();
            Tensor w = weights(points, outputs, width).to(z.dtype()).to(z.device());
            Tensor b = biases(points, outputs, width).to(z.device());
            Tensor variant = Tensor.of(Arrays.stream(variants).asLongStream().toArray(), variants.length)
                    .to(z.device());
            long count = z.size(0);
            long step = Math.max(256, Math.min(8192, LOGITS_AT_ONCE / ((long) points.length * outputs)));
            Tensor sum = Tensor.zeros(DType.FLOAT64, z.device(), points.length, (long) outputs * (width + 1) + 1);
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

    private static Tensor weights(double[][] points, int outputs, int width) {
        int each = outputs * width;
        double[] flat = new double[points.length * each];
        for (int k = 0; k < points.length; k++) {
            System.arraycopy(points[k], 0, flat, k * each, each);
        }
        return Tensor.of(flat, (long) points.length * outputs, width);
    }

    private static Tensor biases(double[][] points, int outputs, int width) {
        double[] flat = new double[points.length * outputs];
        for (int k = 0; k < points.length; k++) {
            System.arraycopy(points[k], outputs * width, flat, k * outputs, outputs);
        }
        return Tensor.of(flat, flat.length);
    }
}
