package io.sightline.envoy;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A Java argument list cut into Python's positional and keyword arguments. */
public record Arguments(@Nullable Object[] positional, Keywords keywords) {
    public static Arguments split(@Nullable Object... arguments) {
        int last = arguments.length - 1;
        return last >= 0 && arguments[last] instanceof Keywords keywords
                ? new Arguments(Arrays.copyOf(arguments, last), keywords)
                : new Arguments(arguments, Keywords.none());
    }
}
