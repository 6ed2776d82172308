package io.sightline.family.phi3;

import io.sightline.family.parts.CausalLm;
import io.sightline.family.parts.RopeParameters;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;
import io.sightline.nn.RecomputesCache;

/**
 * Phi-3 with its head: ids {@code [batch, seq]} to logits {@code [batch, seq, vocab]}. With longrope, keys cached before the sequence outgrew the
 * trained length were turned by the short factors and are of no use after that (transformers {@code
 * Phi3ForCausalLM.prepare_inputs_for_generation}).
 */
final class Phi3ForCausalLM extends CausalLm implements RecomputesCache {
    private final RopeParameters rope;

    Phi3ForCausalLM(Module model, Linear head, RopeParameters rope) {
        super("Phi3ForCausalLM", model, head);
        this.rope = rope;
    }

    @Override
    public boolean mustRecompute(long cached, long length) {
        return rope.changesBetween(cached, length);
    }
}
