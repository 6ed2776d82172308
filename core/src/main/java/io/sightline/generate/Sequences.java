package io.sightline.generate;

import io.sightline.engine.DType;
import io.sightline.engine.Device;
import io.sightline.engine.Kernel;
import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.nn.Args;
import io.sightline.nn.DynamicCache;
import io.sightline.nn.Module;
import io.sightline.nn.RecomputesCache;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The batch as it grows: ids, attention mask and positions, {@code [batch, seq]} int64, owned here, with the cache that goes with them. */
final class Sequences implements AutoCloseable {
    /** transformers' {@code prepare_inputs_for_generation}: positions count real tokens, pads are at 1. */
    private static final Kernel POSITIONS = Kernel.define(
            "position_ids",
            "mask: Tensor",
            "Tensor",
            "counted = torch.sub(torch.cumsum(mask, -1), 1)",
            "return torch.masked_fill(counted, torch.eq(mask, 0), 1)");

    private final Device device;
    private final Module model;
    private final @Nullable DynamicCache cache;
    private Tensor ids;
    private Tensor mask;
    private Tensor positions;

    Sequences(Module model, Tensor ids, @Nullable Tensor mask, KeyValueCache cache) {
        this.model = model;
        this.device = ids.device();
        this.cache = cache == KeyValueCache.KEPT ? new DynamicCache() : null;
        this.ids = ids.to(DType.INT64).release();
        this.mask = (mask == null
                        ? Tensor.full(1, DType.INT64, device, ids.shape())
                        : mask.to(DType.INT64).to(device))
                .release();
        this.positions = POSITIONS.tensor(this.mask).release();
    }

    Tensor ids() {
        return ids;
    }

    /** The keywords of the model's next call. */
    Args nextCall() {
        if (cache != null
                && model instanceof RecomputesCache stale
                && stale.mustRecompute(cache.length(), ids.size(1))) {
            cache.close();
        }
        long known = cache == null ? 0 : cache.length();
        Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
        keywords.put("input_ids", from(ids, known));
        keywords.put("attention_mask", mask);
        keywords.put("position_ids", from(positions, known));
        if (cache != null) {
            keywords.put("past_key_values", cache);
        }
        keywords.put("use_cache", cache != null);
        // Only the last position's logits are asked for, and so only they are seen by hooks on the head.
        keywords.put("logits_to_keep", 1L);
        return new Args(List.of(), keywords);
    }

    private static Tensor from(Tensor whole, long start) {
        return whole.narrow(1, start, whole.size(1) - start);
    }

    /** Appends one token a row. */
    void append(long[] tokens) {
        try (Scope scope = Scope.open()) {
            Tensor next = Tensor.of(tokens, tokens.length, 1).to(device);
            Tensor ones = Tensor.full(1, DType.INT64, device, tokens.length, 1);
            ids = replace(ids, Tensor.cat(List.of(ids, next), 1));
            mask = replace(mask, Tensor.cat(List.of(mask, ones), 1));
            positions = replace(positions, POSITIONS.tensor(mask));
        }
    }

    private static Tensor replace(Tensor old, Tensor next) {
        old.close();
        return next.release();
    }

    @Override
    public void close() {
        ids.close();
        mask.close();
        positions.close();
        if (cache != null) {
            cache.close();
        }
    }
}
