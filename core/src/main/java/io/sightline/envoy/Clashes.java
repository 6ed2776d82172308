package io.sightline.envoy;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Children whose names an Envoy uses itself, such as the {@code output} of BERT's attention. The child keeps the name; the value is at
 * {@code nns_output}. One warning is given for each name and class of module.
 */
final class Clashes {
    private static final Set<String> OWN = Set.of("input", "output", "inputs");

    private final Consumer<String> warn;
    private final Set<String> warned = new HashSet<>();

    Clashes(Consumer<String> warn) {
        this.warn = warn;
    }

    void check(String className, String child) {
        if (OWN.contains(child) && warned.add(className + "." + child)) {
            warn.accept("a " + className + " has a module named '" + child + "': get(\"" + child
                    + "\") is that module; its own values are " + child + "(), or '.nns_" + child
                    + "' in nnsight's spelling");
        }
    }
}
