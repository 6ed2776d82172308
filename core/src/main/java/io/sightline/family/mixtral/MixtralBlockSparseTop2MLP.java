package io.sightline.family.mixtral;

import io.sightline.engine.Tensor;
import io.sightline.nn.Activation;
import io.sightline.nn.Args;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;

/** One expert: {@code w2(act_fn(w1(x)) · w3(x))}, {@code [tokens, hidden] → same}. */
final class MixtralBlockSparseTop2MLP extends Module {
    private final Linear w1;
    private final Linear w2;
    private final Linear w3;
    private final Activation actFn;

    MixtralBlockSparseTop2MLP(int width, int inner, String activation) {
        w1 = child("w1", new Linear(width, inner, Linear.Bias.WITHOUT));
        w2 = child("w2", new Linear(inner, width, Linear.Bias.WITHOUT));
        w3 = child("w3", new Linear(width, inner, Linear.Bias.WITHOUT));
        actFn = child("act_fn", Activation.ofConfig(activation));
    }

    @Override
    protected Tensor forward(Args args) {
        Tensor x = args.tensor(0, "hidden_states");
        return w2.call(actFn.call(w1.call(x)).mul(w3.call(x)));
    }
}
