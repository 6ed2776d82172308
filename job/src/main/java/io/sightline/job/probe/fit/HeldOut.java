package io.sightline.job.probe.fit;

import io.sightline.engine.DType;
import io.sightline.engine.Kernel;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A model's scores on rows of one part.
 *
 * @param prompts each row's prompt, {@code [rows]}
 * @param scores {@code [rows, outputs]}, row-major
 */
@SuppressWarnings("ArrayRecordComponent")
public record HeldOut(int[] prompts, double[] scores) implements Serializable {
    /** Of the products of one pass, so that many classes do not take a machine's memory. */
    private static final int SCORES_AT_ONCE = 8_000_000;
    /** Fewer rows than this share are copied out before they are multiplied; of more, all are multiplied. */
    private static final double FEW = 0.25;

    private static final Kernel SCORES = Kernel.define(
            "scores",
            "z: Tensor, w: Tensor, b: Tensor",
            "Tensor",
            "return torch.add(torch.to(torch.matmul(z, torch.t(w)), 7), b)");

    /** The scores of one model, given in the design's coordinates, on all rows whose prompt is in {@code part}. */
    public static HeldOut of(FitRows rows, Design design, LinearModel model, Part part) {
        return of(rows, design, List.of(model), part).get(0);
    }

    /** The same for several models with as many outputs, in one pass over the rows. */
    public static List<HeldOut> of(FitRows rows, Design design, List<LinearModel> models, Part part) {
        int outputs = models.get(0).outputs();
        Affine coordinates = design.coordinates().from(rows.base());
        LinearModel stacked = stacked(models.stream().map(coordinates::toRaw).toList());
        List<HeldOut> blocks = rows.each(design, block -> score(block, stacked, part));
        int[] prompts =
                blocks.stream().flatMapToInt(b -> IntStream.of(b.prompts)).toArray();
        List<HeldOut> held = new ArrayList<>();
        for (int m = 0; m < models.size(); m++) {
            held.add(new HeldOut(prompts, scoresOf(m, models.size(), outputs, prompts.length, blocks)));
        }
        return held;
    }

    private static LinearModel stacked(List<LinearModel> models) {
        double[][] weights =
                models.stream().flatMap(m -> Arrays.stream(m.weights())).toArray(double[][]::new);
        double[] biases =
                models.stream().flatMapToDouble(m -> Arrays.stream(m.biases())).toArray();
        return LinearModel.exact(weights, biases);
    }

    private static double[] scoresOf(int model, int models, int outputs, int rows, List<HeldOut> blocks) {
        double[] scores = new double[Math.multiplyExact(rows, outputs)];
        int at = 0;
        for (HeldOut block : blocks) {
            for (int row = 0; row < block.prompts.length; row++) {
                System.arraycopy(block.scores, (row * models + model) * outputs, scores, at, outputs);
                at += outputs;
            }
        }
        return scores;
    }

    /** @param model in the base coordinates */
    private static HeldOut score(PreparedBlock prepared, LinearModel model, Part part) {
        int[] chosen = prepared.rowsOf(part);
        int[] prompts = new int[chosen.length];
        Arrays.setAll(prompts, i -> prepared.block().prompts()[chosen[i]]);
        try (Scope scope = Scope.open()) {
            boolean few = chosen.length < FEW * prepared.block().rows();
            double[] scores = few
                    ? scores(prepared.these(chosen), model)
                    : picked(scores(prepared.all(), model), chosen, model.outputs());
            return new HeldOut(prompts, scores);
        }
    }

    private static double[] picked(double[] scores, int[] rows, int outputs) {
        double[] picked = new double[rows.length * outputs];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(scores, rows[i] * outputs, picked, i * outputs, outputs);
        }
        return picked;
    }

    private static double[] scores(Tensor z, LinearModel model) {
        int rows = (int) z.size(0);
        int outputs = model.outputs();
        double[] scores = new double[Math.multiplyExact(rows, outputs)];
        Tensor w = weights(model).to(z.device());
        Tensor b = Tensor.of(model.biases(), outputs).to(z.device());
        int step = Math.max(1, SCORES_AT_ONCE / outputs);
        for (int start = 0; start < rows; start += step) {
            int count = Math.min(step, rows - start);
            try (Scope chunk = Scope.open()) {
                double[] values = SCORES.tensor(z.narrow(0, start, count), w, b).toDoubleArray();
                System.arraycopy(values, 0, scores, start * outputs, values.length);
            }
        }
        return scores;
    }

    private static Tensor weights(LinearModel model) {
        int width = model.weights()[0].length;
        double[] flat = new double[model.outputs() * width];
        for (int o = 0; o < model.outputs(); o++) {
            System.arraycopy(model.weights()[o], 0, flat, o * width, width);
        }
        return Tensor.of(flat, model.outputs(), width).to(DType.FLOAT32);
    }
}
