package io.sightline.family.parts;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.nn.Args;
import io.sightline.nn.Dropout;
import io.sightline.nn.Module;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Attention and MLP on a residual stream, {@code [batch, seq, hidden] → same}: one after the other or side by side, with norms and dropouts before
 * and after each, as the {@link Builder} says. Llama's is {@code x + self_attn(input_layernorm(x))}, then {@code x +
 * mlp(post_attention_layernorm(x))}.
 */
public final class DecoderLayer extends Module {
    private final Builder parts;
    private final Module attention;
    private final Module mlp;

    /** Where in the layer a norm or dropout stands. */
    public enum Slot {
        BEFORE_ATTENTION,
        AFTER_ATTENTION,
        BEFORE_MLP,
        AFTER_MLP
    }

    /** Whether the MLP reads the hidden states after attention, or those that attention reads. */
    public enum Residual {
        SEQUENTIAL,
        PARALLEL
    }

    /** What the layer returns: hidden states, or a tuple of them and of the probabilities where {@code output_attentions} asks. */
    public enum Returns {
        TENSOR,
        TUPLE
    }

    private DecoderLayer(Builder builder) {
        parts = builder;
        attention = Objects.requireNonNull(builder.attention);
        mlp = Objects.requireNonNull(builder.mlp);
        builder.children.forEach(this::child);
    }

    public static Builder of(String className) {
        return new Builder(className);
    }

    @Override
    protected Object forward(Args args) {
        Tensor x = args.tensor(0, "hidden_states");
        Tensor normed = through(Slot.BEFORE_ATTENTION, x);
        Object attended = attention.call(parts.attentionArgs.apply(normed, args));
        Tensor change = through(Slot.AFTER_ATTENTION, Outputs.first(attended));
        Tensor output;
        if (parts.residual == Residual.PARALLEL) {
            Tensor beside = parts.slots.containsKey(Slot.BEFORE_MLP) ? x : normed;
            output = throughMlp(beside).add(change).add(x);
        } else {
            if (normed != x) {
                Scope.discard(normed);
            }
            Tensor hidden = x.add(scaled(change));
            Scope.discard(change);
            output = hidden.add(scaled(throughMlp(hidden)));
        }
        if (parts.returns == Returns.TENSOR) {
            return output;
        }
        boolean wanted = Boolean.TRUE.equals(args.get("output_attentions"));
        return wanted ? Tuple.of(output, Outputs.tuple(attended).get(1)) : Tuple.of(output);
    }

    private Tensor throughMlp(Tensor x) {
        Tensor change = mlp.callFirst(Args.of(through(Slot.BEFORE_MLP, x)));
        return through(Slot.AFTER_MLP, change);
    }

    private Tensor through(Slot slot, Tensor x) {
        Tensor y = x;
        for (Module module : parts.slots.getOrDefault(slot, List.of())) {
            y = module.call(y);
        }
        return y;
    }

    private Tensor scaled(Tensor change) {
        return parts.scale == 1 ? change : change.mul(parts.scale);
    }

    /** Attention gets the hidden states, too, by keyword, and {@code use_cache} even where the layer was not told of it. */
    public static Args byKeyword(Tensor hidden, Args args) {
        Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
        keywords.put("hidden_states", hidden);
        keywords.putAll(args.keywords());
        keywords.putIfAbsent("use_cache", false);
        return new Args(List.of(), keywords);
    }

    @Override
    public String className() {
        return parts.className;
    }

    /** What the layer is made of; children stand in the order of these calls. */
    public static final class Builder {
        private final String className;
        private final Map<String, Module> children = new LinkedHashMap<>();
        private final Map<Slot, List<Module>> slots = new EnumMap<>(Slot.class);
        private Residual residual = Residual.SEQUENTIAL;
        private Returns returns = Returns.TENSOR;
        private double scale = 1;
        private BiFunction<Tensor, Args, Args> attentionArgs = DecoderLayer::byKeyword;
        private @Nullable Module attention;
        private @Nullable Module mlp;

        private Builder(String className) {
            this.className = className;
        }

        public Builder attention(String name, Module module) {
            attention = add(name, module);
            return this;
        }

        public Builder mlp(String name, Module module) {
            mlp = add(name, module);
            return this;
        }

        /** A norm, or another module of one tensor to one tensor; in a slot that has one already it comes after that. */
        public Builder in(Slot slot, String name, Module module) {
            slots.computeIfAbsent(slot, s -> new ArrayList<>()).add(add(name, module));
            return this;
        }

        public Builder dropout(Slot slot, String name, double share) {
            return in(slot, name, new Dropout(share));
        }

        public Builder residual(Residual residual) {
            this.residual = residual;
            return this;
        }

        /** What attention's and the MLP's outputs are multiplied by before they are added. */
        public Builder scale(double scale) {
            this.scale = scale;
            return this;
        }

        public Builder returns(Returns returns) {
            this.returns = returns;
            return this;
        }

        /** How attention is called: from its input and the layer's arguments. */
        public Builder attentionArgs(BiFunction<Tensor, Args, Args> attentionArgs) {
            this.attentionArgs = attentionArgs;
            return this;
        }

        public DecoderLayer build() {
            return new DecoderLayer(this);
        }

        private Module add(String name, Module module) {
            children.put(name, module);
            return module;
        }
    }
}
