package io.sightline.nn;

import io.sightline.engine.Scope;
import io.sightline.engine.Tensor;
import io.sightline.engine.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A part of a model, as {@code torch.nn.Module}: it has named children, named parameters, and a forward computation with hooks before
 * and after it.
 *
 * <p>A call runs in a scope of its own: whatever forward makes and does not return is freed when the call ends. Outputs belong to
 * the caller's scope.
 *
 * <p>Hooks act on calls of the thread that registered them: an executor's task slots share one model, and each runs its own graph.
 */
public abstract class Module {
    private final Map<String, Module> children = new LinkedHashMap<>();
    private final Map<String, @Nullable Parameter> parameters = new LinkedHashMap<>();
    private final HookList<ForwardPreHook> preHooks = new HookList<>();
    private final HookList<ForwardHook> hooks = new HookList<>();

    // ---- building

    /** Registers a child under {@code name} (replacing one of that name, in its place) and gives it back. */
    protected final <M extends Module> M child(String name, M module) {
        if (name.isEmpty() || name.indexOf('.') >= 0) {
            throw new IllegalArgumentException("a module's name can't be empty or hold a dot: '" + name + "'");
        }
        children.put(name, module);
        return module;
    }

    /** Registers a weight under {@code name}. */
    protected final Parameter parameter(String name, long... shape) {
        Parameter parameter = new Parameter(shape);
        parameters.put(name, parameter);
        return parameter;
    }

    /** Mounts {@code module} as a child, as Python's {@code model.name = module} does. */
    public void mount(String name, Module module) {
        child(name, module);
    }

    /** The computation itself; called through {@link #call}, which runs the hooks. */
    protected abstract @Nullable Object forward(Args args);

    // ---- calling

    /** Runs pre-hooks, forward and hooks. Tensors in the result belong to the caller's scope. */
    public final @Nullable Object call(Args args) {
        try (Scope scope = Scope.open()) {
            Args given = args;
            if (!preHooks.isEmpty()) {
                for (HookList.Entry<ForwardPreHook> entry : preHooks.entries()) {
                    if (entry.isForThisThread()) {
                        Args changed = entry.hook().before(this, given);
                        given = changed == null ? given : changed;
                    }
                }
            }
            @Nullable Object output = forward(given);
            if (!hooks.isEmpty()) {
                for (HookList.Entry<ForwardHook> entry : hooks.entries()) {
                    if (entry.isForThisThread()) {
                        output = entry.hook().after(this, given, output);
                    }
                }
            }
            scope.moveToParent(output);
            return output;
        }
    }

    /** Calls a module of one tensor to one tensor. */
    public final Tensor call(Tensor input) {
        return onlyTensor(call(Args.of(input)));
    }

    /** Calls and gives the output's first tensor: the output itself, or the first item of a tuple. */
    public final Tensor callFirst(Args args) {
        Object output = call(args);
        return onlyTensor(output instanceof Tuple tuple && !tuple.isEmpty() ? tuple.get(0) : output);
    }

    private Tensor onlyTensor(@Nullable Object output) {
        if (output instanceof Tensor tensor) {
            return tensor;
        }
        throw new IllegalStateException("the output of " + className() + " should be a tensor here, but is " + output
                + "; was it replaced by something of another structure?");
    }

    /** Runs forward alone, without hooks. Tensors in the result belong to the caller's scope. */
    public final @Nullable Object callWithoutHooks(Args args) {
        try (Scope scope = Scope.open()) {
            @Nullable Object output = forward(args);
            scope.moveToParent(output);
            return output;
        }
    }

    /** Adds a hook before forward, for calls by this thread. Hooks run in the order of their registration. */
    public final HookHandle registerForwardPreHook(ForwardPreHook hook) {
        return preHooks.add(hook);
    }

    /** Adds a hook after forward, for calls by this thread. Hooks run in the order of their registration. */
    public final HookHandle registerForwardHook(ForwardHook hook) {
        return hooks.add(hook);
    }

    /** As {@link #registerForwardPreHook}, before the hooks that are there already (torch's {@code prepend=True}). */
    public final HookHandle registerForwardPreHookFirst(ForwardPreHook hook) {
        return preHooks.addFirst(hook);
    }

    /** As {@link #registerForwardHook}, before the hooks that are there already (torch's {@code prepend=True}). */
    public final HookHandle registerForwardHookFirst(ForwardHook hook) {
        return hooks.addFirst(hook);
    }

    /** How many hooks, of all threads, are on this module. */
    public final int hookCount() {
        return preHooks.size() + hooks.size();
    }

    /** How many hooks of this thread are on this module and all below it. */
    public final int hooksOfThisThread() {
        int count = preHooks.sizeForThisThread() + hooks.sizeForThisThread();
        for (Module child : children.values()) {
            count += child.hooksOfThisThread();
        }
        return count;
    }

    // ---- the tree

    /** Children by name, in the order of their registration. */
    public final Map<String, Module> namedChildren() {
        return Collections.unmodifiableMap(children);
    }

    /** This module and all below it, depth first, each with its path; the root's is empty. */
    public final Map<String, Module> namedModules() {
        Map<String, Module> all = new LinkedHashMap<>();
        visit("", all::put);
        return all;
    }

    private void visit(String path, BiConsumer<String, Module> visitor) {
        visitor.accept(path, this);
        children.forEach((name, child) -> child.visit(path.isEmpty() ? name : path + "." + name, visitor));
    }

    /** Weights of this module alone, by name; {@code null} where torch registers None (a missing bias). */
    public final Map<String, @Nullable Parameter> parameters() {
        return Collections.unmodifiableMap(parameters);
    }

    /** All weights of the tree by dotted name, {@code transformer.h.0.ln_1.weight}. */
    public final Map<String, Parameter> namedParameters() {
        Map<String, Parameter> all = new LinkedHashMap<>();
        visit(
                "",
                (path, module) -> module.parameters.forEach((name, parameter) -> {
                    if (parameter != null) {
                        all.put(path.isEmpty() ? name : path + "." + name, parameter);
                    }
                }));
        return all;
    }

    // ---- repr

    /** The class as torch shows it. */
    public String className() {
        return getClass().getSimpleName();
    }

    /** What torch shows between the parentheses, before the children. */
    public String extraRepr() {
        return "";
    }

    /** torch's {@code repr}: the tree, one module a line. */
    @Override
    public String toString() {
        return className() + "(" + Repr.body(extraRepr(), childLines()) + ")";
    }

    /** One entry a child, possibly of several lines. */
    List<String> childLines() {
        List<String> lines = new ArrayList<>();
        children.forEach((name, child) -> lines.add("(" + name + "): " + Repr.indent(child.toString())));
        return lines;
    }
}
