package io.sightline.graph;

import java.util.Locale;

/** Which side of a module call a place is at. */
public enum Port {
    /** The arguments: a value of the form {@code ((args…), {kwargs…})}. */
    INPUT,
    OUTPUT;

    /** As nnsight spells it at the end of a place's key, {@code output}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
