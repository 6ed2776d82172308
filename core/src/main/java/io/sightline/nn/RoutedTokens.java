package io.sightline.nn;

import io.sightline.engine.Tensor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which of the batch's tokens the module being called on this thread was given, where a router chose them: an expert of a mixture sees
 * the tokens of all rows that were sent to it, and nothing else in its input says whose they are.
 */
public final class RoutedTokens {
    private static final ThreadLocal<@Nullable Tensor> CURRENT = new ThreadLocal<>();

    private RoutedTokens() {}

    /**
     * Calls modules on some tokens.
     *
     * @param tokens int64 {@code [chosen]}, each {@code row × width + position}; on the meta device where shapes alone can't tell
     */
    public static void during(Tensor tokens, Runnable calls) {
        Tensor outer = CURRENT.get();
        CURRENT.set(tokens);
        try {
            calls.run();
        } finally {
            if (outer == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(outer);
            }
        }
    }

    /** The tokens of the call that this thread is in; empty where modules are given whole rows. */
    public static Optional<Tensor> current() {
        return Optional.ofNullable(CURRENT.get());
    }
}
