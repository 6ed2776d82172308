package io.sightline.family.phi3;

import io.sightline.engine.Tensor;
import io.sightline.nn.Activation;
import io.sightline.nn.Args;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;

/** {@code down_proj(up · activation_fn(gate))}, gate and up being the halves of {@code gate_up_proj(x)}: {@code [batch, seq, hidden] → same}. */
final class Phi3MLP extends Module {
    private final int inner;
    private final Linear gateUpProj;
    private final Linear downProj;
    private final Activation activationFn;

    Phi3MLP(int width, int inner, String activation) {
        this.inner = inner;
        gateUpProj = child("gate_up_proj", new Linear(width, 2L * inner, Linear.Bias.WITHOUT));
        downProj = child("down_proj", new Linear(inner, width, Linear.Bias.WITHOUT));
        activationFn = child("activation_fn", Activation.ofConfig(activation));
    }

    @Override
    protected Tensor forward(Args args) {
        Tensor both = gateUpProj.call(args.tensor(0, "hidden_states"));
        Tensor gate = both.narrow(-1, 0, inner);
        Tensor up = both.narrow(-1, inner, inner);
        return downProj.call(up.mul(activationFn.call(gate)));
    }
}
