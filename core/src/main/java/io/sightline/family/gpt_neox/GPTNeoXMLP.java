package io.sightline.family.gpt_neox;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.nn.Activation;
import io.sightline.nn.Args;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;

/** {@code dense_4h_to_h(act(dense_h_to_4h(x)))}, {@code [batch, seq, hidden] → same}. */
final class GPTNeoXMLP extends Module {
    private final Linear up;
    private final Linear down;
    private final Activation act;

    GPTNeoXMLP(NeoxSettings settings) {
        up = child("dense_h_to_4h", new Linear(settings.width(), settings.inner(), Linear.Bias.WITH));
        down = child("dense_4h_to_h", new Linear(settings.inner(), settings.width(), Linear.Bias.WITH));
        act = child("act", Activation.ofConfig(settings.activation()));
    }

    @Override
    protected Tensor forward(Args args) {
        Tensor raised = up.call(args.tensor(0, "hidden_states"));
        Tensor activated = act.call(raised);
        Scope.discard(raised);
        return down.call(activated);
    }
}
