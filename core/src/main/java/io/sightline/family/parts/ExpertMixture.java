package io.sightline.family.parts;

import io.sightline.checkpoint.ModelConfig;
import io.sightline.engine.Kernel;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.nn.Args;
import io.sightline.nn.Linear;
import io.sightline.nn.Module;
import io.sightline.nn.ModuleList;
import io.sightline.nn.RoutedTokens;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A sparse mixture of experts: {@code gate} scores every token for every expert, each token goes through its best {@code topK}, and their
 * outputs are added by weight. {@code [batch, seq, hidden] → (same, router logits [batch·seq, experts])}, as transformers 4.57 returns it; gate
 * and experts see the tokens flattened to {@code [tokens, hidden]}. An expert that no token goes to is not called.
 */
public final class ExpertMixture extends Module {
    /** The softmax is over all experts, in float32 (transformers {@code …SparseMoeBlock.forward}). */
    private static final Kernel ROUTE = Kernel.define(
            "route tokens",
            "logits: Tensor, k: int, renormalise: bool",
            "Tuple[Tensor, Tensor]",
            "weights, experts = torch.topk(torch.softmax(logits, 1, dtype=6), k, -1)",
            "if renormalise:",
            "  weights = torch.div(weights, torch.sum(weights, [-1], True))",
            "return (torch.to(weights, ops.prim.dtype(logits)), experts)");

    private static final Kernel TOKENS_OF = Kernel.define(
            "tokens of an expert",
            "experts: Tensor, expert: int",
            "Tuple[Tensor, Tensor]",
            "found = torch.nonzero(torch.eq(torch.t(experts), expert))",
            "return (torch.select(found, 1, 0), torch.select(found, 1, 1))");

    private static final Kernel ADD = Kernel.define(
            "add an expert's output",
            "total: Tensor, output: Tensor, weights: Tensor, rank: Tensor, token: Tensor",
            "NoneType",
            "flat = torch.add(torch.mul(token, torch.size(weights, 1)), rank)",
            "share = torch.unsqueeze(torch.index_select(torch.reshape(weights, [-1]), 0, flat), 1)",
            "change = torch.to(torch.mul(output, share), ops.prim.dtype(total))",
            "_ = torch.index_add_(total, 0, token, change)",
            "return None");

    private static final Kernel SHARE = Kernel.define(
            "add the shared expert's output",
            "total: Tensor, output: Tensor, gate: Tensor",
            "Tensor",
            "return torch.add(total, torch.mul(torch.sigmoid(gate), output))");

    private final String className;
    private final int topK;
    private final Weights weights;
    private final Linear gate;
    private final ModuleList experts;
    private @Nullable Module sharedExpert;
    private @Nullable Linear sharedGate;

    /** Whether the chosen experts' weights are made to add up to one. */
    public enum Weights {
        RENORMALISED,
        AS_THEY_ARE;

        public static Weights of(boolean normTopkProb) {
            return normTopkProb ? RENORMALISED : AS_THEY_ARE;
        }
    }

    /** @throws IllegalArgumentException if a token is to go through more experts than there are */
    public ExpertMixture(String className, int width, int topK, Weights weights, List<? extends Module> experts) {
        if (topK > experts.size()) {
            throw new IllegalArgumentException(
                    "num_experts_per_tok is " + topK + ", but there are " + experts.size() + " experts");
        }
        this.className = className;
        this.topK = topK;
        this.weights = weights;
        this.gate = child("gate", new Linear(width, experts.size(), Linear.Bias.WITHOUT));
        this.experts = child("experts", new ModuleList(experts));
    }

    /** A mixture of {@code count} experts of one kind. */
    public static ExpertMixture of(
            String className, DecoderShape shape, int topK, Weights weights, int count, Supplier<Module> expert) {
        return new ExpertMixture(
                className,
                shape.width(),
                topK,
                weights,
                Stream.generate(expert).limit(count).toList());
    }

    /**
     * A mixture by the keys that most families share: {@code num_experts_per_tok}, {@code norm_topk_prob} (false) and the number of experts.
     *
     * @param topK experts a token goes through, where the config does not say
     * @param count experts, where the config does not say
     */
    public static ExpertMixture of(
            ModelConfig config, String className, DecoderShape shape, int topK, int count, Supplier<Module> expert) {
        return of(
                className,
                shape,
                config.size("num_experts_per_tok", topK),
                Weights.of(config.flag("norm_topk_prob", false)),
                shape.checkExpertCount(config, config.count(countKey(config), count)),
                expert);
    }

    /**
     * The same with an expert that every token goes through, weighted by the sigmoid of its own gate ({@code shared_expert}, {@code
     * shared_expert_gate}).
     */
    public ExpertMixture withShared(Module expert, int width) {
        sharedExpert = child("shared_expert", expert);
        sharedGate = child("shared_expert_gate", new Linear(width, 1, Linear.Bias.WITHOUT));
        return this;
    }

    /** The key of the number of experts: saved by transformers 5, it goes by Mixtral's name. */
    public static String countKey(ModelConfig config) {
        return config.has("num_experts") ? "num_experts" : "num_local_experts";
    }

    @Override
    protected Object forward(Args args) {
        Tensor hidden = args.tensor(0, "hidden_states");
        long[] shape = hidden.shape();
        Tensor tokens = hidden.reshape(-1, shape[2]);
        Tensor logits = gate.call(tokens);
        Tuple routed = Outputs.tuple(ROUTE.call(logits, topK, weights == Weights.RENORMALISED));
        Tensor total = Tensor.zeros(tokens.dtype(), tokens.device(), tokens.shape());
        for (int i = 0; i < experts.size(); i++) {
            try (Scope scope = Scope.open()) {
                apply(i, tokens, routed, total);
            }
        }
        if (sharedExpert != null && sharedGate != null) {
            total = SHARE.tensor(total, sharedExpert.call(tokens), sharedGate.call(tokens));
        }
        return Tuple.of(total.reshape(shape), logits);
    }

    private void apply(int expert, Tensor tokens, Tuple routed, Tensor total) {
        if (tokens.device().isMeta()) {
            // Which tokens an expert gets depends on data; its shapes are told by giving it all.
            RoutedTokens.during(tokens, () -> experts.get(expert).call(tokens));
            return;
        }
        Tuple found = Outputs.tuple(TOKENS_OF.call(Outputs.tensor(routed, 1), expert));
        Tensor rank = Outputs.tensor(found, 0);
        Tensor token = Outputs.tensor(found, 1);
        if (token.elements() > 0) {
            RoutedTokens.during(token, () -> {
                Tensor output = experts.get(expert).call(tokens.indexSelect(0, token));
                ADD.call(total, output, Outputs.tensor(routed, 0), rank, token);
            });
        }
    }

    @Override
    public String className() {
        return className;
    }
}
