package io.sightline.family.gemma2;

import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import io.sightline.family.parts.CausalLm;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;

/** Gemma 2 with its head, whose logits become {@code cap·tanh(logits/cap)}: ids {@code [batch, seq]} to {@code [batch, seq, vocab]}. */
final class Gemma2ForCausalLM extends CausalLm {
    private static final Kernel CAP = Kernel.define(
            "cap logits", "x: Tensor, cap: float", "Tensor", "return torch.mul(torch.tanh(torch.div(x, cap)), cap)");

    private final double cap;

    /** @param cap 0 for none */
    Gemma2ForCausalLM(Module model, Linear head, double cap) {
        super("Gemma2ForCausalLM", model, head);
        this.cap = cap;
    }

    @Override
    protected Tensor logits(Tensor raw) {
        return cap > 0 ? CAP.tensor(raw, cap) : raw;
    }
}
