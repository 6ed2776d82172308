package io.sightline.graph;

/**
 * What a graph file may be at most. Graphs come from strangers: beyond these a file is refused while it is read, before it takes memory.
 */
final class WireLimits {
    /** Nodes of all graphs in one request; recorded graphs have tens to thousands. */
    static final int NODES = 100_000;

    /** Objects and arrays inside each other. A session in a loop in a session takes about 30. */
    static final int DEPTH = 200;

    /** Characters of a request, which is where written-out tensors count. */
    static final int CHARACTERS = 512 * 1024 * 1024;

    /** Dimensions of a written-out tensor. */
    static final int DIMENSIONS = 32;

    private WireLimits() {}
}
