package io.sightline.interleave.function;

import org.jspecify.annotations.Nullable;

/** A method taken off an object by {@code fetch_attr}, to be called by {@code proxy_call}. */
public record BoundMethod(@Nullable Object receiver, String name, Function method) implements Function {
    @Override
    public @Nullable Object call(CallArguments arguments) {
        return method.call(arguments.after(receiver));
    }

    @Override
    public String toString() {
        return "<method " + name + ">";
    }
}
