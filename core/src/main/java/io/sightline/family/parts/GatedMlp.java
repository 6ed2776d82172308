package io.sightline.family.parts;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.nn.Activation;
import io.sightline.nn.Args;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;

/** {@code down_proj(act_fn(gate_proj(x)) · up_proj(x))}, {@code [batch, seq, hidden] → same}: the MLP of Llama-like models. */
public final class GatedMlp extends Module {
    private final String className;
    private final Linear gateProj;
    private final Linear upProj;
    private final Linear downProj;
    private final Activation actFn;

    public GatedMlp(String className, int width, int inner, String activation, Linear.Bias bias) {
        this.className = className;
        gateProj = child("gate_proj", new Linear(width, inner, bias));
        upProj = child("up_proj", new Linear(width, inner, bias));
        downProj = child("down_proj", new Linear(inner, width, bias));
        actFn = child("act_fn", Activation.ofConfig(activation));
    }

    @Override
    protected Tensor forward(Args args) {
        Tensor x = args.tensor(0, "x");
        Tensor gate = gateProj.call(x);
        Tensor opened = actFn.call(gate);
        Scope.discard(gate);
        Tensor up = upProj.call(x);
        Tensor gated = opened.mul(up);
        Scope.discard(opened);
        Scope.discard(up);
        return downProj.call(gated);
    }

    @Override
    public String className() {
        return className;
    }
}
