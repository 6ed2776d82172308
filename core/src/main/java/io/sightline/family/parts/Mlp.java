package io.sightline.family.parts;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.nn.Activation;
import io.sightline.nn.Args;
import io.sightline.nn.Conv1D;
import io.sightline.nn.Dropout;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code down(act(up(x)))}, or where there is a gate {@code down(act(gate(x)) · up(x))}: {@code [..., hidden] → same}. Names and order of the layers
 * are those of the {@link Builder}'s calls.
 */
public final class Mlp extends Module {
    private final Builder parts;

    private Mlp(Builder builder) {
        parts = builder;
        builder.children.forEach(this::child);
    }

    /** Llama's: {@code gate_proj}, {@code up_proj}, {@code down_proj}, {@code act_fn}. */
    public static Mlp gated(String className, int width, int inner, String activation, Linear.Bias bias) {
        return of(className, width, inner)
                .bias(bias)
                .gate("gate_proj")
                .up("up_proj")
                .down("down_proj")
                .activation("act_fn", activation)
                .build();
    }

    public static Builder of(String className, int width, int inner) {
        return new Builder(className, width, inner);
    }

    @Override
    protected Tensor forward(Args args) {
        Tensor x = args.tensor(0, "hidden_states");
        Tensor down = Objects.requireNonNull(parts.down).call(middle(x));
        return parts.dropout == null ? down : parts.dropout.call(down);
    }

    private Tensor middle(Tensor x) {
        if (parts.gateUp != null) {
            Tensor both = parts.gateUp.call(x);
            Tensor gate = both.narrow(-1, 0, parts.inner);
            return both.narrow(-1, parts.inner, parts.inner).mul(activated(gate));
        }
        Module up = Objects.requireNonNull(parts.up);
        if (parts.gate == null) {
            return activated(up.call(x));
        }
        Tensor opened = activated(parts.gate.call(x));
        Tensor raised = up.call(x);
        Tensor gated = opened.mul(raised);
        Scope.discard(opened);
        Scope.discard(raised);
        return gated;
    }

    private Tensor activated(Tensor x) {
        Tensor y = Objects.requireNonNull(parts.activation).call(x);
        Scope.discard(x);
        return y;
    }

    @Override
    public String className() {
        return parts.className;
    }

    /** What the MLP is made of; children stand in the order of these calls. */
    public static final class Builder {
        private final String className;
        private final int width;
        private final int inner;
        private final Map<String, Module> children = new LinkedHashMap<>();
        private Linear.Bias bias = Linear.Bias.WITHOUT;
        private boolean transposed;
        private @Nullable Module gate;
        private @Nullable Module up;
        private @Nullable Module gateUp;
        private @Nullable Module down;
        private @Nullable Module activation;
        private @Nullable Module dropout;

        private Builder(String className, int width, int inner) {
            this.className = className;
            this.width = width;
            this.inner = inner;
        }

        /** Of the layers added after this. */
        public Builder bias(Linear.Bias bias) {
            this.bias = bias;
            return this;
        }

        /** Layers added after this are GPT-2's transposed ones. */
        public Builder transposed() {
            transposed = true;
            return this;
        }

        public Builder gate(String name) {
            gate = layer(name, width, inner);
            return this;
        }

        public Builder up(String name) {
            up = layer(name, width, inner);
            return this;
        }

        /** One layer for both: the gate's half, then the other. */
        public Builder gateUp(String name) {
            gateUp = layer(name, width, 2 * inner);
            return this;
        }

        public Builder down(String name) {
            down = layer(name, inner, width);
            return this;
        }

        /** @param activation by transformers' name, {@code silu} */
        public Builder activation(String name, String activation) {
            this.activation = add(name, Activation.ofConfig(activation));
            return this;
        }

        public Builder dropout(String name, double share) {
            dropout = add(name, new Dropout(share));
            return this;
        }

        public Mlp build() {
            return new Mlp(this);
        }

        private Module layer(String name, int in, int out) {
            return add(name, transposed ? new Conv1D(out, in) : new Linear(in, out, bias));
        }

        private Module add(String name, Module module) {
            children.put(name, module);
            return module;
        }
    }
}
