package io.sightline.graph;

import java.util.Locale;

/** Which point of a module call a place is at, in the order in which a call reaches them. */
public enum Port {
    /** The arguments: a value of the form {@code ((args…), {kwargs…})}. */
    INPUT,
    /** An attention module's masked scores before the softmax, {@code [batch, heads, query, key]}. nnsight's format has no such place. */
    SCORES,
    /** An attention module's probabilities after the softmax, {@code [batch, heads, query, key]}. nnsight's format has no such place. */
    PROBABILITIES,
    OUTPUT;

    /** Whether only attention modules have it. */
    public boolean isOfAttention() {
        return this == SCORES || this == PROBABILITIES;
    }

    /** As it is spelled at the end of a place's key, {@code output}; input and output as in nnsight. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
