package io.sightline.family.parts;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import java.util.Arrays;

/** The mean cross entropy of each token given those before it; labels of -100 are left out (transformers {@code ForCausalLMLoss}). */
public final class CausalLoss {
    private static final Kernel LOSS = Kernel.define(
            "causal language model loss",
            "logits: Tensor, labels: Tensor",
            "Tensor",
            "vocabulary = torch.size(logits, -1)",
            "scores = torch.to(torch.slice(logits, 1, 0, -1), 6)",
            "targets = torch.slice(labels, 1, 1)",
            "flat = torch.reshape(scores, [-1, vocabulary])",
            "return torch.cross_entropy_loss(flat, torch.reshape(targets, [-1]), None, 1, -100)");

    private CausalLoss() {}

    /**
     * @param logits {@code [batch, seq, vocab]}
     * @param labels int64 {@code [batch, seq]}, the input ids usually
     * @return a float32 scalar
     */
    public static Tensor of(Tensor logits, Tensor labels) {
        if (labels.dimensions() != 2 || labels.size(1) != logits.size(1) || labels.size(0) != logits.size(0)) {
            throw new IllegalArgumentException("labels have shape " + Arrays.toString(labels.shape())
                    + ", logits " + Arrays.toString(logits.shape())
                    + "; expected one label a token, [batch, seq], and all logits kept");
        }
        return LOSS.tensor(logits, labels);
    }
}
