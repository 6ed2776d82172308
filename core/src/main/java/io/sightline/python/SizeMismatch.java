package io.sightline.python;

import org.jspecify.annotations.Nullable;

/**
 * Sizes that cannot go together, by rules that are written here and not only by libtorch's word: an index beyond the items, shapes that an
 * operation cannot join. It holds for tensors without data as for any.
 */
public final class SizeMismatch extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public SizeMismatch(@Nullable String message) {
        super(message);
    }

    public SizeMismatch(@Nullable String message, Throwable cause) {
        super(message, cause);
    }
}
