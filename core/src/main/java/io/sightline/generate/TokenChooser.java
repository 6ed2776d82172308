package io.sightline.generate;

import io.sightline.engine.Device;
import io.sightline.engine.Generator;
import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Takes the next token of each row from a step's logits. It owns the random generator, where it draws. */
final class TokenChooser implements AutoCloseable {
    private static final Kernel DRAW = Kernel.define(
            "multinomial",
            "scores: Tensor, generator: Generator",
            "Tensor",
            "return torch.select(torch.multinomial(torch.softmax(scores, -1), 1, False, generator=generator), 1, 0)");

    private final GenerateOptions options;
    private final @Nullable Generator generator;
    private final @Nullable Tensor eos;

    TokenChooser(GenerateOptions options, Device device) {
        this.options = options;
        this.generator = options.selection() == Selection.SAMPLED ? generator(options.sampling(), device) : null;
        long[] ids = options.eosTokenIds().stream().mapToLong(Long::longValue).toArray();
        this.eos = options.minNewTokens() > 0 && ids.length > 0
                ? Tensor.of(ids, ids.length).to(device).release()
                : null;
    }

    private static Generator generator(Sampling sampling, Device device) {
        Long seed = sampling.seed();
        return Generator.seeded(
                seed != null ? seed : ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), device);
    }

    /**
     * @param ids the rows so far, {@code [batch, seq]}
     * @param logits of the last position, float32 {@code [batch, vocab]}
     * @param step how many tokens were generated before
     * @return {@code [batch]} int64
     */
    Tensor choose(Tensor ids, Tensor logits, int step) {
        Tensor scores = options.repetitionPenalty() == 1
                ? logits
                : Scores.repetitionPenalty(logits, ids, options.repetitionPenalty());
        if (eos != null && step < options.minNewTokens()) {
            scores = Scores.remove(scores, eos);
        }
        return generator == null ? scores.argmax(-1) : DRAW.tensor(Scores.warp(scores, options.sampling()), generator);
    }

    @Override
    public void close() {
        if (generator != null) {
            generator.close();
        }
        if (eos != null) {
            eos.close();
        }
    }
}
