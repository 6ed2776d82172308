package io.sightline.family.bert;

import io.sightline.engine.Tensor;
import io.sightline.nn.Args;
import io.sightline.nn.Dropout;
import io.sightline.nn.LayerNorm;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;

/**
 * {@code LayerNorm(dense(x) + input)}: x {@code [batch, seq, in]} and input {@code [batch, seq, hidden]} to {@code [batch, seq, hidden]}. Both of
 * BERT's children named {@code output} are of this kind.
 */
final class BertResidual extends Module {
    private final String className;
    private final Linear dense;
    private final LayerNorm norm;
    private final Dropout dropout;

    /** @param className {@code BertSelfOutput} or {@code BertOutput} */
    BertResidual(String className, BertSettings settings, int in) {
        this.className = className;
        dense = child("dense", new Linear(in, settings.width(), Linear.Bias.WITH));
        norm = child("LayerNorm", settings.norm());
        dropout = child("dropout", new Dropout(settings.dropout()));
    }

    @Override
    protected Tensor forward(Args args) {
        Tensor change = dropout.call(dense.call(args.tensor(0, "hidden_states")));
        return norm.call(change.add(args.tensor(1, "input_tensor")));
    }

    @Override
    public String className() {
        return className;
    }
}
