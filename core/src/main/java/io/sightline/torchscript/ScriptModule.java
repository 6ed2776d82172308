package io.sightline.torchscript;

import io.sightline.engine.Tensor;
import io.sightline.nn.Args;
import io.sightline.nn.Module;
import io.sightline.nn.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A module of the archive. Its repr is the one Python gives for {@code torch.jit.load}'s. */
final class ScriptModule extends Module {
    private final ScriptClass type;
    private final Map<String, @Nullable Object> attributes = new LinkedHashMap<>();

    /** Which method the next forward of this thread is: a trace that calls a module twice gives it a forward1. */
    private final ThreadLocal<String> method = ThreadLocal.withInitial(() -> "forward");

    ScriptModule(ScriptClass type) {
        this.type = type;
    }

    void add(String name, @Nullable Object value) {
        attributes.put(name, value);
        if (value instanceof ScriptModule module) {
            child(name, module);
        } else if (value instanceof Tensor tensor) {
            parameter(name, tensor.shape()).bind(tensor);
        }
    }

    /** An attribute as the code sees it; a module mounted or a weight bound later counts. */
    @Nullable
    Object attribute(String name) {
        Module child = namedChildren().get(name);
        if (child != null) {
            return child;
        }
        if (!attributes.containsKey(name)) {
            throw new IllegalArgumentException("the code of " + type + " reads '" + name + "', which it does not have");
        }
        Parameter weight = parameters().get(name);
        return weight != null ? weight.tensor() : attributes.get(name);
    }

    /** A call from other code of the archive. Those of a forward run the hooks. */
    @Nullable
    Object callMethod(String name, List<@Nullable Object> arguments, Map<String, @Nullable Object> keywords) {
        if (!name.matches("forward[_0-9]*")) {
            return run(name, arguments, keywords);
        }
        method.set(name);
        try {
            return call(new Args(arguments, keywords));
        } finally {
            method.remove();
        }
    }

    @Override
    protected @Nullable Object forward(Args args) {
        String name = method.get();
        method.remove();
        return run(name, args.positional(), args.keywords());
    }

    private @Nullable Object run(
            String name, List<@Nullable Object> arguments, Map<String, @Nullable Object> keywords) {
        ScriptFunction function = type.methods().get(name);
        if (function == null) {
            throw new UnsupportedOperationException(type + " has no code for " + name + "; it has "
                    + type.methods().keySet());
        }
        List<@Nullable Object> withSelf = new ArrayList<>(arguments.size() + 1);
        withSelf.add(this);
        withSelf.addAll(arguments);
        return function.call(withSelf, keywords);
    }

    @Override
    public String className() {
        return "RecursiveScriptModule";
    }

    @Override
    public String extraRepr() {
        return "original_name=" + type.simpleName();
    }
}
