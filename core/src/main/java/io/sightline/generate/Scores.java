package io.sightline.generate;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;

/**
 * transformers' logits processors and warpers ({@code generation/logits_process.py}) as kernels: scores float32 {@code [batch, vocab]}
 * to scores of the same shape, removed tokens at -inf.
 */
final class Scores {
    private static final double REMOVED = Double.NEGATIVE_INFINITY;

    private static final Kernel REPETITION = Kernel.define(
            "repetition_penalty",
            "scores: Tensor, ids: Tensor, penalty: float",
            "Tensor",
            "seen = torch.gather(scores, 1, ids)",
            "weakened = torch.where(torch.lt(seen, 0), torch.mul(seen, penalty), torch.div(seen, penalty))",
            "return torch.scatter(scores, 1, ids, weakened)");
    private static final Kernel REMOVE = Kernel.define(
            "remove tokens",
            "scores: Tensor, ids: Tensor, removed: float",
            "Tensor",
            "return torch.index_fill(scores, 1, ids, removed)");
    private static final Kernel TEMPERATURE =
            Kernel.define("temperature", "scores: Tensor, t: float", "Tensor", "return torch.div(scores, t)");
    private static final Kernel TOP_K = Kernel.define(
            "top_k",
            "scores: Tensor, k: int, removed: float",
            "Tensor",
            "highest, _0, = torch.topk(scores, k)",
            "last = torch.unsqueeze(torch.select(highest, -1, -1), -1)",
            "return torch.masked_fill(scores, torch.lt(scores, last), removed)");
    private static final Kernel TOP_P = Kernel.define(
            "top_p",
            "scores: Tensor, outside: float, removed: float",
            "Tensor",
            "ascending, order, = torch.sort(scores, -1, False)",
            "cumulative = torch.cumsum(torch.softmax(ascending, -1), -1)",
            "remove = torch.le(cumulative, outside)",
            // The most probable token always stays.
            "_0 = torch.fill_(torch.select(remove, -1, -1), 0)",
            "return torch.masked_fill(scores, torch.scatter(remove, 1, order, remove), removed)");
    private static final Kernel MIN_P = Kernel.define(
            "min_p",
            "scores: Tensor, p: float, removed: float",
            "Tensor",
            "probabilities = torch.softmax(scores, -1)",
            "least = torch.mul(torch.amax(probabilities, [-1], True), p)",
            "remove = torch.lt(probabilities, least)",
            "best = torch.argmax(scores, -1, True)",
            "_0 = torch.scatter_(remove, 1, best, 0)",
            "return torch.masked_fill(scores, remove, removed)");

    private Scores() {}

    static Tensor repetitionPenalty(Tensor scores, Tensor ids, double penalty) {
        return REPETITION.tensor(scores, ids, penalty);
    }

    /** @param ids int64 {@code [count]} */
    static Tensor remove(Tensor scores, Tensor ids) {
        return REMOVE.tensor(scores, ids, REMOVED);
    }

    static Tensor warp(Tensor scores, Sampling sampling) {
        Tensor warped = sampling.temperature() == 1 ? scores : TEMPERATURE.tensor(scores, sampling.temperature());
        if (sampling.topK() > 0) {
            warped = TOP_K.tensor(warped, Math.min(sampling.topK(), scores.size(-1)), REMOVED);
        }
        if (sampling.topP() < 1) {
            warped = TOP_P.tensor(warped, 1 - sampling.topP(), REMOVED);
        }
        return sampling.minP() > 0 ? MIN_P.tensor(warped, sampling.minP(), REMOVED) : warped;
    }
}
