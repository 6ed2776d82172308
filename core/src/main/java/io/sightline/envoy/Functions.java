package io.sightline.envoy;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * torch's functions on proxies: {@code Functions.call("torch.softmax", logits, Keywords.of("dim", -1))}. Functions that take no
 * proxy ({@code torch.zeros}) are called through the context: {@code trace.apply("torch.zeros", 2, 3)}.
 */
public final class Functions {
    private Functions() {}

    /**
     * Records the call of a function.
     *
     * @param name as in Python ({@code torch.cat}, {@code torch.nn.functional.silu}, {@code einops.rearrange}, {@code len}), or as on the wire
     * @param arguments positional arguments, at least one of them a proxy or a list that holds one; {@link Keywords} last, if any
     * @throws IllegalArgumentException if there is no proxy among them
     */
    public static Proxy call(String name, @Nullable Object... arguments) {
        Proxy first = Arrays.stream(arguments)
                .flatMap(Functions::proxies)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no proxy among the arguments of " + name
                        + "; call it through the context: trace.apply(\"" + name + "\", …)"));
        return first.recorder().call(name, arguments);
    }

    private static Stream<Proxy> proxies(@Nullable Object argument) {
        if (argument instanceof Proxy proxy) {
            return Stream.of(proxy);
        } else if (argument instanceof Collection<?> items) {
            return items.stream().flatMap(Functions::proxies);
        } else if (argument instanceof Keywords keywords) {
            return proxies(keywords.entries());
        } else if (argument instanceof Map<?, ?> entries) {
            return entries.values().stream().flatMap(Functions::proxies);
        }
        return Optional.<Proxy>empty().stream();
    }

    /** {@code torch.softmax(x, dim=dim)} */
    public static Proxy softmax(Proxy x, int dim) {
        return call("torch.softmax", x, Keywords.of("dim", dim));
    }

    /** {@code torch.cat(tensors, dim=dim)} */
    public static Proxy cat(Collection<?> tensors, int dim) {
        return call("torch.cat", tensors, Keywords.of("dim", dim));
    }

    /** {@code torch.stack(tensors, dim=dim)} */
    public static Proxy stack(Collection<?> tensors, int dim) {
        return call("torch.stack", tensors, Keywords.of("dim", dim));
    }

    /** {@code torch.where(condition, x, y)} */
    public static Proxy where(Proxy condition, @Nullable Object x, @Nullable Object y) {
        return call("torch.where", condition, x, y);
    }

    /** {@code torch.topk(x, k, dim=dim)}: values at {@code get(0)}, indices at {@code get(1)}. */
    public static Proxy topk(Proxy x, int k, int dim) {
        return call("torch.topk", x, k, Keywords.of("dim", dim));
    }

    /** {@code einops.rearrange(x, pattern, **sizes)} */
    public static Proxy rearrange(Proxy x, String pattern, Keywords sizes) {
        return call("einops.rearrange", x, pattern, sizes);
    }
}
