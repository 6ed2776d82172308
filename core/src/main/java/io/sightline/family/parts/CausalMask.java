package io.sightline.family.parts;

import io.sightline.engine.DType;
import io.sightline.engine.Kernel;
import io.sightline.engine.Tensor;
import io.sightline.nn.AttentionKind;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The attention masks of one forward pass, each made once and shared by its layers: added to the scores, {@code [batch, 1, query, key]},
 * 0 where a query may look and the dtype's lowest number where it may not (transformers {@code masking_utils.py}). Each row has memory of
 * its own, so that one prompt's can be edited.
 *
 * <p>Where every query simply looks at all before it, scaled-dot-product attention needs no mask, and none is made.
 */
public final class CausalMask {
    private static final Kernel IS_PADDED = Kernel.define(
            "padding check", "mask: Tensor", "bool", "return bool(torch.logical_not(torch.all(torch.ne(mask, 0))))");
    private static final Kernel MASK = Kernel.define(
            "causal mask",
            "padding: List[Tensor], zero: Tensor, batch: int, query: int, past: int, window: int, lowest: float",
            "Tensor",
            "keys = past + query",
            "at = torch.arange(keys, dtype=4, device=ops.prim.device(zero))",
            "rows = torch.unsqueeze(torch.slice(at, 0, past, keys), 1)",
            "hidden = torch.gt(at, rows)",
            "if window > 0:",
            "  hidden = torch.bitwise_or(hidden, torch.le(at, torch.sub(rows, window)))",
            "hidden = torch.view(hidden, [1, 1, query, keys])",
            "if len(padding) > 0:",
            "  pads = torch.eq(torch.view(padding[0], [batch, 1, 1, keys]), 0)",
            "  hidden = torch.bitwise_or(hidden, pads)",
            "size = [batch, 1, query, keys]",
            "return torch.masked_fill(torch.expand(zero, size), torch.expand(hidden, size), lowest)");
    /** Carries the dtype and the device without holding the hidden states. */
    private static final Kernel ZERO = Kernel.define(
            "zero",
            "x: Tensor",
            "Tensor",
            "return torch.zeros([1], dtype=ops.prim.dtype(x), device=ops.prim.device(x))");

    private static final Kernel ADDITIVE = Kernel.define(
            "mask",
            "allowed: Tensor, zero: Tensor, lowest: float",
            "Tensor",
            "mask = torch.zeros_like(allowed, dtype=ops.prim.dtype(zero))",
            "return torch.masked_fill(mask, torch.eq(allowed, 0), lowest)");

    private final @Nullable Tensor given;
    private final Tensor zero;
    private final long batch;
    private final long query;
    private final long past;
    private final AttentionKind kind;
    private final boolean padded;
    private final Map<Long, Tensor> made = new HashMap<>();

    private CausalMask(@Nullable Tensor given, Tensor hidden, long past, AttentionKind kind, boolean padded) {
        long[] shape = hidden.shape();
        this.given = given;
        this.zero = ZERO.tensor(hidden);
        this.batch = shape[0];
        this.query = shape[1];
        this.past = past;
        this.kind = kind;
        this.padded = padded;
    }

    /**
     * @param attentionMask {@code [batch, past + query]}, 0 at pads; or a whole mask {@code [batch, 1 or heads, query, key]}, which is taken
     *     as it is; or null where nothing is padded
     * @param hidden {@code [batch, query, hidden]}: gives the size, dtype and device
     * @param past how many tokens the cache holds already
     * @throws IllegalArgumentException if the mask has another size
     */
    public static CausalMask of(@Nullable Tensor attentionMask, Tensor hidden, long past, AttentionKind kind) {
        if (attentionMask == null) {
            return new CausalMask(null, hidden, past, kind, false);
        }
        long[] shape = attentionMask.shape();
        if (shape.length == 4) {
            return new CausalMask(attentionMask, hidden, past, kind, true);
        }
        long[] want = hidden.shape();
        if (shape.length != 2 || shape[0] != want[0] || shape[1] != past + want[1]) {
            throw new IllegalArgumentException("attention_mask has shape " + Arrays.toString(shape)
                    + "; for " + want[0] + " rows of " + want[1] + " tokens after " + past + " cached ones it must be ["
                    + want[0] + ", " + (past + want[1]) + "]");
        }
        boolean padded = isPadded(attentionMask);
        return new CausalMask(attentionMask, hidden, past, kind, padded);
    }

    /** Whether a mask has a 0; on the meta device, which has no values, it has none. */
    static boolean isPadded(Tensor attentionMask) {
        return !attentionMask.isMeta() && Boolean.TRUE.equals(IS_PADDED.call(attentionMask));
    }

    /** For layers that look at all earlier tokens. Null where the kernel's own causal rule says the same. */
    public @Nullable Tensor full() {
        if (!padded && kind == AttentionKind.SDPA && (query == 1 || past == 0)) {
            return null;
        }
        return mask(0);
    }

    /** For layers that look at the last {@code window} tokens only, their own included. */
    public @Nullable Tensor sliding(long window) {
        if (window < 1) {
            throw new IllegalArgumentException("a sliding window has 1 token or more, not " + window);
        }
        return past + query <= window ? full() : mask(window);
    }

    private Tensor mask(long window) {
        return made.computeIfAbsent(window, this::make);
    }

    private Tensor make(long window) {
        double lowest = lowest(zero.dtype());
        if (given != null && given.dimensions() == 4) {
            return given.dtype().isFloatingPoint() ? given : ADDITIVE.tensor(given, zero, lowest);
        }
        List<Tensor> padding = padded && given != null ? List.of(given) : List.of();
        return MASK.tensor(padding, zero, batch, query, past, window, lowest);
    }

    /** The lowest number of a dtype; half of it for float16, whose range a negative score would leave. */
    static double lowest(DType dtype) {
        return switch (dtype) {
            case FLOAT16 -> -32752;
            case BFLOAT16 -> -3.3895313892515355e38;
            case FLOAT64 -> -Double.MAX_VALUE;
            default -> -Float.MAX_VALUE;
        };
    }
}
