package io.sightline.family.bert;

import io.sightline.engine.Tensor;
import io.sightline.nn.Activation;
import io.sightline.nn.Args;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;

/** {@code intermediate_act_fn(dense(x))}, {@code [batch, seq, hidden] → [batch, seq, intermediate]}. */
final class BertIntermediate extends Module {
    private final Linear dense;
    private final Activation activation;

    BertIntermediate(BertSettings settings) {
        dense = child("dense", new Linear(settings.width(), settings.inner(), Linear.Bias.WITH));
        activation = child("intermediate_act_fn", Activation.ofConfig(settings.activation()));
    }

    @Override
    protected Tensor forward(Args args) {
        return activation.call(dense.call(args.tensor(0, "hidden_states")));
    }
}
