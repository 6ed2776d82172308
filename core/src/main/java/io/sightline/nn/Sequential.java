package io.sightline.nn;

import io.sightline.engine.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Modules called one after the other, {@code torch.nn.Sequential}. */
public final class Sequential extends Module {
    /** @param modules by name, in the order of their calls */
    public Sequential(Map<String, ? extends Module> modules) {
        modules.forEach(this::child);
    }

    public Sequential(Module... modules) {
        for (int i = 0; i < modules.length; i++) {
            child(Integer.toString(i), modules[i]);
        }
    }

    @Override
    protected @Nullable Object forward(Args args) {
        Object value = args.get(0, "input");
        boolean own = false;
        for (Module module : namedChildren().values()) {
            Object next = module.call(Args.of(value));
            if (own && value instanceof Tensor tensor && tensor != next) {
                tensor.close();
            }
            own = own || next != value;
            value = next;
        }
        return value;
    }
}
