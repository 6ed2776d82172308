package io.sightline.envoy;

import io.sightline.engine.Slice;
import io.sightline.nn.Module;
import io.sightline.nn.ModuleList;
import io.sightline.nn.Parameter;
import io.sightline.nn.Sequential;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** An Envoy's part in the tree: its module, its path, its children, and how they are found. */
abstract sealed class EnvoyTree implements Iterable<Envoy> permits Envoy {
    final Map<String, Envoy> children = new LinkedHashMap<>();
    final String path;
    Module module;

    EnvoyTree(Module module, String path) {
        this.module = module;
        this.path = path;
    }

    abstract Envoy self();

    static String place(String path) {
        return path.isEmpty() ? "" : path.substring(1);
    }

    /** As nnsight writes it, {@code .transformer.h.0}; the root's is empty. */
    public String path() {
        return path;
    }

    /** The module behind it, with its parameters and whatever else it has. */
    public Module module() {
        return module;
    }

    /**
     * The module as one of a class.
     *
     * @throws IllegalArgumentException if it is of another
     */
    public <M extends Module> M module(Class<M> type) {
        if (!type.isInstance(module)) {
            throw new IllegalArgumentException(
                    "'" + place(path) + "' is a " + module.className() + ", not a " + type.getSimpleName());
        }
        return type.cast(module);
    }

    /** The module's weights, its children's included, by dotted name. */
    public Map<String, Parameter> parameters() {
        return module.namedParameters();
    }

    /** The names of the children, in the module's order. */
    public Set<String> childNames() {
        return children.keySet();
    }

    /** The child of this name. */
    public Envoy child(String name) {
        return child(name, place(path + "." + name));
    }

    Envoy child(String name, String wanted) {
        Envoy child = children.get(name);
        if (child == null && name.matches("-\\d{1,6}") && isList()) {
            child = children.get(Integer.toString(children.size() + Integer.parseInt(name)));
        }
        if (child == null) {
            throw UnknownModule.error(self(), name, wanted);
        }
        return child;
    }

    /**
     * The Envoy at a path below this one, {@code transformer.h.5.mlp}, with or without nnsight's leading dot; numbers may be negative.
     *
     * @throws IllegalArgumentException naming what is there instead, and the nearest name
     */
    public Envoy get(String relative) {
        String names = relative.startsWith(".") ? relative.substring(1) : relative;
        Envoy found = self();
        for (String name : names.isEmpty() ? new String[0] : names.split("\\.", -1)) {
            found = found.child(name, place(path + "." + names));
        }
        return found;
    }

    private boolean isList() {
        return module instanceof ModuleList || module instanceof Sequential;
    }

    /** How many modules a ModuleList or a Sequential has. */
    public int size() {
        if (!isList()) {
            throw new IllegalStateException(
                    "a " + module.className() + " has no length; only a ModuleList or a Sequential has one");
        }
        return children.size();
    }

    /** The child of this number, from the end where negative. */
    public Envoy get(int index) {
        List<Envoy> all = new ArrayList<>(children.values());
        int number = index < 0 ? all.size() + index : index;
        if (number < 0 || number >= all.size()) {
            throw new IndexOutOfBoundsException("no module " + index + " in "
                    + (path.isEmpty() ? "the model" : "'" + place(path) + "'") + ", which has " + all.size());
        }
        return all.get(number);
    }

    /** A part of a ModuleList, {@code get(Index.slice(-2, null))}. */
    public List<Envoy> get(Slice slice) {
        return PythonSlice.of(slice, size()).pick(new ArrayList<>(children.values()));
    }

    @Override
    public Iterator<Envoy> iterator() {
        return List.copyOf(children.values()).iterator();
    }

    /** This Envoy and all below it, depth first. */
    public List<Envoy> modules() {
        return modules(envoy -> true);
    }

    /** Those that {@code include} takes; what is below one that it does not take is looked at as well. */
    public List<Envoy> modules(Predicate<Envoy> include) {
        return List.copyOf(namedModules(include).values());
    }

    /** This Envoy and all below it, by path. */
    public Map<String, Envoy> namedModules() {
        return namedModules(envoy -> true);
    }

    public Map<String, Envoy> namedModules(Predicate<Envoy> include) {
        Map<String, Envoy> found = new LinkedHashMap<>();
        collect(include, found);
        return found;
    }

    void collect(Predicate<Envoy> include, Map<String, Envoy> found) {
        if (include.test(self())) {
            found.put(path, self());
        }
        children.values().forEach(child -> child.collect(include, found));
    }
}
