package io.sightline.job.probe.fit;

import io.sightline.engine.Kernel;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import java.io.Serializable;
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
    private static final int ROWS_AT_ONCE = 8192;

    private static final Kernel SCORES = Kernel.define(
            "scores",
            "z: Tensor, w: Tensor, b: Tensor",
            "Tensor",
            "return torch.add(torch.to(torch.matmul(z, torch.t(w)), 7), b)");

    /** The scores of {@code model}, given in the design's coordinates, on all rows whose prompt is in {@code part}. */
    public static HeldOut of(Rows rows, Design design, LinearModel model, Part part) {
        List<HeldOut> blocks = rows.each(design, block -> score(block, model, part));
        int[] prompts =
                blocks.stream().flatMapToInt(b -> IntStream.of(b.prompts)).toArray();
        double[] scores = new double[Math.multiplyExact(prompts.length, model.outputs())];
        int at = 0;
        for (HeldOut block : blocks) {
            System.arraycopy(block.scores, 0, scores, at, block.scores.length);
            at += block.scores.length;
        }
        return new HeldOut(prompts, scores);
    }

    private static HeldOut score(PreparedBlock prepared, LinearModel model, Part part) {
        int[] chosen = prepared.rowsOf(part);
        int width = prepared.block().width();
        int outputs = model.outputs();
        int[] prompts =
                IntStream.of(chosen).map(row -> prepared.block().prompts()[row]).toArray();
        double[] scores = new double[chosen.length * outputs];
        try (Scope scope = Scope.open()) {
            Tensor w = weights(model, width)
                    .to(PreparedBlock.dtype(prepared.device()))
                    .to(prepared.device());
            Tensor b = Tensor.of(model.biases(), outputs).to(prepared.device());
            for (int start = 0; start < chosen.length; start += ROWS_AT_ONCE) {
                int end = Math.min(chosen.length, start + ROWS_AT_ONCE);
                try (Scope chunk = Scope.open()) {
                    Tensor z = prepared.matrix(Arrays.copyOfRange(chosen, start, end));
                    double[] values = SCORES.tensor(z, w, b).toDoubleArray();
                    System.arraycopy(values, 0, scores, start * outputs, values.length);
                }
            }
        }
        return new HeldOut(prompts, scores);
    }

    private static Tensor weights(LinearModel model, int width) {
        double[] flat = new double[model.outputs() * width];
        for (int o = 0; o < model.outputs(); o++) {
            System.arraycopy(model.weights()[o], 0, flat, o * width, width);
        }
        return Tensor.of(flat, model.outputs(), width);
    }
}
