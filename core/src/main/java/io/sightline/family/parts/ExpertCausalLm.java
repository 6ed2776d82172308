package io.sightline.family.parts;

import io.sightline.nn.Linear;
import io.sightline.nn.Module;

/** A mixture of experts with its language model head. */
public final class ExpertCausalLm extends CausalLm {
    public ExpertCausalLm(String className, Module model, Linear lmHead) {
        super(className, model, lmHead);
    }

    @Override
    protected String outputClass() {
        return "MoeCausalLMOutputWithPast";
    }
}
