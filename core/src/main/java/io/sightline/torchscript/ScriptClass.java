package io.sightline.torchscript;

import java.util.LinkedHashMap;
import java.util.Map;

/** A class of the archive's code: what it is built on, and its methods. */
final class ScriptClass {
    private final String fullName;
    private final String base;
    private final Map<String, ScriptFunction> methods = new LinkedHashMap<>();

    ScriptClass(String fullName, String base) {
        this.fullName = fullName;
        this.base = base;
    }

    /** {@code Linear}. */
    String simpleName() {
        return fullName.substring(fullName.lastIndexOf('.') + 1);
    }

    @Override
    public String toString() {
        return fullName;
    }

    boolean isModule() {
        return base.equals("Module");
    }

    boolean isNamedTuple() {
        return base.equals("NamedTuple");
    }

    Map<String, ScriptFunction> methods() {
        return methods;
    }
}
