package io.sightline.family.gpt2;

import io.sightline.nn.Activation;
import io.sightline.nn.Args;
import io.sightline.nn.Conv1D;
import io.sightline.nn.Dropout;
import io.sightline.nn.Module;

/** {@code c_proj(act(c_fc(x)))}, {@code [batch, seq, n_embd] → same}. */
final class GPT2MLP extends Module {
    private final Conv1D cFc;
    private final Conv1D cProj;
    private final Activation act;
    private final Dropout dropout;

    GPT2MLP(Gpt2Settings settings) {
        cFc = child("c_fc", new Conv1D(settings.inner(), settings.width()));
        cProj = child("c_proj", new Conv1D(settings.width(), settings.inner()));
        act = child("act", Activation.ofConfig(settings.activation()));
        dropout = child("dropout", new Dropout(settings.residualDropout()));
    }

    @Override
    protected Object forward(Args args) {
        return dropout.call(cProj.call(act.call(cFc.call(args.tensor(0, "hidden_states")))));
    }
}
