package io.sightline.envoy;

import io.sightline.engine.Ellipsis;
import io.sightline.engine.Slice;
import org.jspecify.annotations.Nullable;

/**
 * Parts of a Python index, for {@link Proxy#get} and {@link Proxy#at}: {@code x[:, -3:, ..., None]} is
 * {@code x.get(all(), slice(-3, null), ellipsis(), newAxis())}. Other parts are ints, lists of ints, tensors and proxies.
 */
public final class Index {
    private Index() {}

    /** {@code :} */
    public static Slice all() {
        return Slice.ALL;
    }

    /** {@code start:stop}; null leaves a bound out, and a bound may be a proxy. */
    public static Slice slice(@Nullable Object start, @Nullable Object stop) {
        return new Slice(start, stop, null);
    }

    /** {@code start:stop:step} */
    public static Slice slice(@Nullable Object start, @Nullable Object stop, @Nullable Object step) {
        return new Slice(start, stop, step);
    }

    /** {@code ...} */
    public static Ellipsis ellipsis() {
        return Ellipsis.ELLIPSIS;
    }

    /** {@code None}: a new dimension of size 1. */
    public static @Nullable Object newAxis() {
        return null;
    }
}
