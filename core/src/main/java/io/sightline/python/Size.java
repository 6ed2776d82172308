package io.sightline.python;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** {@code torch.Size}: a tensor's shape, a tuple of ints. */
public final class Size extends AbstractList<@Nullable Object> implements RandomAccess {
    private final long[] sizes;

    public Size(long... sizes) {
        this.sizes = sizes.clone();
    }

    public long[] sizes() {
        return sizes.clone();
    }

    public long elements() {
        return Arrays.stream(sizes).reduce(1, Math::multiplyExact);
    }

    @Override
    public Long get(int index) {
        return sizes[index];
    }

    @Override
    public int size() {
        return sizes.length;
    }
}
