package io.sightline.torchscript;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something that code may call. */
@FunctionalInterface
interface Callable {
    @Nullable
    Object call(List<@Nullable Object> arguments, Map<String, @Nullable Object> keywords);
}
