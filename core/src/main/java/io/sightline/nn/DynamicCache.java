package io.sightline.nn;

import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values of the tokens seen so far, a pair for each layer, {@code [batch, heads, seq, head_dim]} (transformers
 * {@code cache_utils.DynamicCache}). It owns its tensors until it is closed.
 */
public final class DynamicCache implements AutoCloseable {
    private final List<Tensor> keys = new ArrayList<>();
    private final List<Tensor> values = new ArrayList<>();

    /** How many tokens layer {@code layer} has seen; 0 before its first update. */
    public long length(int layer) {
        return layer < keys.size() ? keys.get(layer).size(-2) : 0;
    }

    public long length() {
        return length(0);
    }

    /**
     * Appends this step's keys and values to those of the layer; layers come in order.
     *
     * @return all keys and all values so far, owned by the current scope
     */
    public Tuple update(int layer, Tensor key, Tensor value) {
        if (layer == keys.size()) {
            keys.add(key.share().release());
            values.add(value.share().release());
        } else {
            append(keys, layer, key);
            append(values, layer, value);
        }
        return Tuple.of(keys.get(layer).share(), values.get(layer).share());
    }

    private static void append(List<Tensor> all, int layer, Tensor next) {
        Tensor joined = Tensor.cat(List.of(all.get(layer), next), -2).release();
        all.get(layer).close();
        all.set(layer, joined);
    }

    @Override
    public void close() {
        keys.forEach(Tensor::close);
        values.forEach(Tensor::close);
        keys.clear();
        values.clear();
    }

    @Override
    public String toString() {
        return "DynamicCache(layers=" + keys.size() + ", tokens=" + length() + ")";
    }
}
