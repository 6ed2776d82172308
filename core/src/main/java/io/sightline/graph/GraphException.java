package io.sightline.graph;

import org.jspecify.annotations.Nullable;

/** A graph that can't be read, is refused before it runs, or failed while it ran. The message names the graph's node. */
public final class GraphException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public GraphException(String message) {
        super(message);
    }

    public GraphException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
