package io.sightline.torchscript;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code x.name} and {@code x.name(…)}. */
final class AttributeAccess {
    private AttributeAccess() {}

    static @Nullable Object get(@Nullable Object target, String name) {
        if (target instanceof ScriptModule module) {
            return module.attribute(name);
        }
        throw new UnsupportedOperationException("the code reads '" + name + "' of " + target);
    }

    static @Nullable Object callMethod(
            @Nullable Object target,
            String name,
            List<@Nullable Object> arguments,
            Map<String, @Nullable Object> keywords) {
        if (target instanceof ScriptModule module) {
            return module.callMethod(name, arguments, keywords);
        }
        throw new UnsupportedOperationException("the code calls '" + name + "' of " + target);
    }
}
