package io.sightline.graph;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * One step of a graph.
 *
 * @param name nnsight's, {@code <target>_<n>}
 * @param condition the name of the Conditional node that this one depends on, or null
 */
public record Node(
        String name, Operation operation, @Nullable String condition) implements Serializable {}
