package io.sightline.family.opt;

import io.sightline.engine.Functional;
import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import io.sightline.nn.Args;
import io.sightline.nn.Embedding;

/**
 * Learned positions, two rows in: {@code (attention_mask [batch, past + seq], past, position_ids) → [batch, seq, hidden]}. Without {@code
 * position_ids} they count the mask's real tokens, and pads are at -1.
 */
final class OPTLearnedPositionalEmbedding extends Embedding {
    static final int OFFSET = 2;

    private static final Kernel SHIFT =
            Kernel.define("shift positions", "ids: Tensor", "Tensor", "return torch.add(ids, " + OFFSET + ")");
    private static final Kernel FROM_MASK = Kernel.define(
            "positions of a mask",
            "mask: Tensor, past: int",
            "Tensor",
            "ids = torch.sub(torch.mul(torch.cumsum(mask, 1), mask), 1)",
            "return torch.slice(torch.to(ids, 4), 1, past, 9223372036854775807)");

    OPTLearnedPositionalEmbedding(int positions, int width) {
        super((long) positions + OFFSET, width);
    }

    /** int64 {@code [batch, seq]}. */
    static Tensor positions(Tensor mask, long past) {
        return FROM_MASK.tensor(mask, past);
    }

    @Override
    protected Tensor forward(Args args) {
        Tensor given = args.optionalTensor(2, "position_ids");
        Tensor ids = given != null ? given : positions(args.tensor(0, "attention_mask"), past(args));
        return Functional.embedding(SHIFT.tensor(ids), weight().tensor());
    }

    private static long past(Args args) {
        return args.get(1, "past_key_values_length") instanceof Number number ? number.longValue() : 0;
    }
}
