package io.sightline.envoy;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * {@code proxy[index]} as something to read or to write: {@code hidden.at(all(), -1).set(0)}.
 *
 * <p>Writing happens in place, so what the proxy is a view of, the module's output, changes as well.
 */
public final class Slot {
    private final Proxy proxy;
    private final @Nullable Object index;

    Slot(Proxy proxy, @Nullable Object index) {
        this.proxy = proxy;
        this.index = index;
    }

    /** {@code proxy[index]} */
    public Proxy get() {
        return proxy.operator("getitem", proxy, index);
    }

    /** {@code proxy[index] = value}; gives back the proxy. */
    public Proxy set(@Nullable Object value) {
        proxy.operator("setitem", proxy, index, value);
        return proxy;
    }

    /** {@code proxy[index] = change(proxy[index])}, as Python's {@code proxy[:] += x} does it; gives back the proxy. */
    public Proxy change(UnaryOperator<Proxy> change) {
        return set(change.apply(get()));
    }
}
