package io.sightline.family.parts;

import io.sightline.engine.DType;
import io.sightline.engine.Kernel;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import io.sightline.nn.AttentionSwitch;
import io.sightline.nn.Module;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code softmax(q·kᵀ·scaling + mask)·v} by either kernel, with fewer key/value heads than query heads where a model has them (each serves a
 * run of query heads), and with tanh-capped scores where a model has those.
 *
 * <p>Shapes: q {@code [batch, heads, query, head_dim]}, k and v {@code [batch, kv_heads, key, head_dim]}, mask as {@link CausalMask} makes it;
 * the result is {@code [batch, query, heads·head_dim]}.
 */
public final class AttentionCore {
    private static final Kernel SDPA = Kernel.define(
            "scaled_dot_product_attention",
            "q: Tensor, k: Tensor, v: Tensor, masks: List[Tensor], scale: float, causal: bool",
            "Tensor",
            lines(oneForEachQueryHead("k"), oneForEachQueryHead("v"), """
                    if len(masks) > 0:
                      y = torch.scaled_dot_product_attention(q, k, v, masks[0], 0.0, False, scale=scale)
                    else:
                      y = torch.scaled_dot_product_attention(q, k, v, None, 0.0, causal, scale=scale)
                    return torch.flatten(torch.transpose(y, 1, 2), 2)
                    """));

    private static final Kernel SCORES = Kernel.define(
            "attention scores",
            "q: Tensor, k: Tensor, masks: List[Tensor], scale: float, cap: float, causal: bool, lowest: float",
            "Tensor",
            lines(oneForEachQueryHead("k"), """
                    s = torch.mul(torch.matmul(q, torch.transpose(k, 2, 3)), scale)
                    if cap > 0.0:
                      s = torch.mul(torch.tanh(torch.div(s, cap)), cap)
                    if len(masks) > 0:
                      s = torch.add(s, masks[0])
                    elif causal:
                      ones = torch.ones_like(torch.select(torch.select(s, 0, 0), 0, 0), dtype=11)
                      later = torch.triu(ones, torch.size(k, 2) - torch.size(q, 2) + 1)
                      s = torch.masked_fill(s, later, lowest)
                    return s
                    """));

    private static final Kernel SOFTMAX = Kernel.define(
            "attention probabilities",
            "s: Tensor, like: Tensor",
            "Tensor",
            "return torch.to(torch.softmax(s, -1, dtype=6), ops.prim.dtype(like))");

    private static final Kernel CONTEXT = Kernel.define(
            "attention context", "p: Tensor, v: Tensor, q: Tensor", "Tensor", lines(oneForEachQueryHead("v"), """
                    return torch.flatten(torch.transpose(torch.matmul(p, v), 1, 2), 2)
                    """));

    /** libtorch chooses among kernels of which none knows shapes without data. */
    private static final Kernel META_CONTEXT = Kernel.define(
            "attention context",
            "q: Tensor",
            "Tensor",
            "return torch.flatten(torch.transpose(torch.empty_like(q), 1, 2), 2)");

    private final double scaling;
    private final double softcap;
    private final Direction direction;
    private final Precision precision;

    /** What scores are computed in where probabilities are made: the model's dtype, or float32. */
    public enum Precision {
        STORED,
        FLOAT32
    }

    /** What a query may look at where no mask is given. */
    public enum Direction {
        CAUSAL,
        BIDIRECTIONAL
    }

    public AttentionCore(double scaling, Direction direction) {
        this(scaling, 0, direction);
    }

    /** @param softcap scores become {@code softcap·tanh(score/softcap)}; 0 for none */
    public AttentionCore(double scaling, double softcap, Direction direction) {
        this(scaling, softcap, direction, Precision.STORED);
    }

    private AttentionCore(double scaling, double softcap, Direction direction, Precision precision) {
        this.scaling = scaling;
        this.softcap = softcap;
        this.direction = direction;
        this.precision = precision;
    }

    /** The same, with scores in {@code precision}. */
    public AttentionCore in(Precision precision) {
        return new AttentionCore(scaling, softcap, direction, precision);
    }

    /** Repeats each head of keys or values for the query heads that it serves. */
    private static String oneForEachQueryHead(String heads) {
        return """
                groups = torch.floordiv(torch.size(q, 1), torch.size(%1$s, 1))
                if groups > 1:
                  %1$s = torch.flatten(torch.expand(torch.unsqueeze(%1$s, 2), [-1, -1, groups, -1, -1]), 1, 2)
                """.formatted(heads);
    }

    private static String[] lines(String... parts) {
        return String.join("", parts).lines().toArray(String[]::new);
    }

    /**
     * Attends by the kernel that {@code attentionSwitch} says, eagerly where the probabilities are wanted.
     *
     * @param dropout the module that the probabilities go through, if any
     * @return {@code (context, probabilities)}; the probabilities {@code [batch, heads, query, key]}, or None under
     *     scaled-dot-product attention
     */
    public Tuple attend(
            Tensor q,
            Tensor k,
            Tensor v,
            @Nullable Tensor mask,
            AttentionSwitch attentionSwitch,
            boolean wanted,
            @Nullable Module dropout) {
        if (!wanted && !attentionSwitch.isEager()) {
            return Tuple.of(withoutProbabilities(q, k, v, mask), null);
        }
        Tensor probabilities = probabilities(q, k, mask, attentionSwitch);
        if (dropout != null) {
            probabilities = dropout.call(probabilities);
        }
        return Tuple.of(context(probabilities, v), probabilities);
    }

    /** The context alone, by scaled-dot-product attention; where that kernel does not serve (capped scores), composed. */
    private Tensor withoutProbabilities(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask) {
        if (q.isMeta()) {
            return META_CONTEXT.tensor(q);
        }
        if (softcap > 0 || roundsByLength(q)) {
            try (Tensor probabilities = probabilities(q, k, mask, null)) {
                return context(probabilities, v);
            }
        }
        return SDPA.tensor(q, k, v, list(mask), scaling, isCausal(q));
    }

    /**
     * {@code [batch, heads, query, key]}, in q's dtype, the softmax itself in float32.
     *
     * @param hooks are shown scores and probabilities; null for none
     */
    private Tensor probabilities(Tensor q, Tensor k, @Nullable Tensor mask, @Nullable AttentionSwitch hooks) {
        Tensor scores = scores(q, k, mask);
        if (hooks != null) {
            scores = hooks.scores(scores);
        }
        Tensor probabilities = SOFTMAX.tensor(scores, q);
        Scope.discard(scores);
        return hooks == null ? probabilities : hooks.probabilities(probabilities);
    }

    private Tensor scores(Tensor q, Tensor k, @Nullable Tensor mask) {
        if (precision == Precision.FLOAT32 && q.dtype() != DType.FLOAT32) {
            return scores(q.to(DType.FLOAT32), k.to(DType.FLOAT32), mask);
        }
        return SCORES.tensor(q, k, list(mask), scaling, softcap, isCausal(q), CausalMask.lowest(q.dtype()));
    }

    /** {@code probabilities·v}, the heads side by side. */
    private Tensor context(Tensor probabilities, Tensor v) {
        return CONTEXT.tensor(probabilities, v, probabilities);
    }

    /**
     * Whether the fused kernel's 16-bit results depend on how many pads a prompt was given: on a CPU they do where queries look in both
     * directions, by more than a rounding of the result.
     */
    private boolean roundsByLength(Tensor q) {
        return direction == Direction.BIDIRECTIONAL
                && q.dtype().bytes() < DType.FLOAT32.bytes()
                && q.device().isCpu();
    }

    /** One query may look at everything there is: the cache holds no later token. */
    private boolean isCausal(Tensor q) {
        return direction == Direction.CAUSAL && q.size(2) > 1;
    }

    private static List<Tensor> list(@Nullable Tensor mask) {
        return mask == null ? List.of() : List.of(mask);
    }

    @Override
    public String toString() {
        return "AttentionCore(scaling=" + scaling + ", softcap=" + softcap + ", " + direction + ")";
    }
}
