package io.sightline.intervene;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;

/**
 * The logits of one position of each row, {@code [rows, vocabulary]}, and what is measured of them. Its tensors belong to the scope in which it
 * is made.
 */
public final class LogitRows {
    private static final Kernel LOG_PROBABILITIES =
            Kernel.define("log probabilities", "x: Tensor", "Tensor", "return torch.log_softmax(torch.to(x, 7), -1)");
    private static final Kernel AT = Kernel.define(
            "numbers of tokens",
            "x: Tensor, tokens: Tensor",
            "Tensor",
            "return torch.squeeze(torch.gather(x, 1, torch.unsqueeze(tokens, 1)), 1)");
    private static final Kernel DIVERGENCE = Kernel.define(
            "divergence",
            "x: Tensor, bases: Tensor",
            "Tensor",
            "base = torch.index_select(x, 0, bases)",
            "return torch.sum(torch.mul(torch.exp(base), torch.sub(base, x)), [-1])");
    private static final Kernel ENTROPY = Kernel.define(
            "entropy", "x: Tensor", "Tensor", "return torch.neg(torch.sum(torch.mul(torch.exp(x), x), [-1]))");

    private final Tensor logits;
    private final Tensor logProbabilities;

    public LogitRows(Tensor logits) {
        this.logits = logits;
        this.logProbabilities = LOG_PROBABILITIES.tensor(logits);
    }

    /** The most likely token of each row; of equal ones the first. */
    long[] topTokens() {
        return logits.argmax(-1).toLongArray();
    }

    double[] logits(long[] tokens) {
        return at(logits, tokens);
    }

    double[] probabilities(long[] tokens) {
        double[] values = at(logProbabilities, tokens);
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.exp(values[i]);
        }
        return values;
    }

    private static double[] at(Tensor values, long[] tokens) {
        return AT.tensor(values, Tensor.of(tokens, tokens.length).to(values.device()))
                .toDoubleArray();
    }

    /** Of each row from its base: KL(base ‖ row), in nats. */
    double[] divergences(int[] baseRows) {
        long[] rows = java.util.Arrays.stream(baseRows).asLongStream().toArray();
        return DIVERGENCE
                .tensor(logProbabilities, Tensor.of(rows, rows.length).to(logits.device()))
                .toDoubleArray();
    }

    double[] entropies() {
        return ENTROPY.tensor(logProbabilities).toDoubleArray();
    }
}
