package io.sightline.graph;

/**
 * The input or the output of one module, or an attention module's scores or probabilities.
 *
 * @param path the module's path, {@code transformer.h.0}; empty for the root
 */
public record Place(String path, Port port) {
    public static Place output(String path) {
        return new Place(path, Port.OUTPUT);
    }

    public static Place input(String path) {
        return new Place(path, Port.INPUT);
    }

    public static Place scores(String path) {
        return new Place(path, Port.SCORES);
    }

    public static Place probabilities(String path) {
        return new Place(path, Port.PROBABILITIES);
    }

    /**
     * Reads nnsight's key of a place: the path with a leading dot or without it, a dot, and {@code input} or {@code output}; and beyond
     * nnsight {@code scores} or {@code probabilities}.
     *
     * @throws GraphException if it ends otherwise
     */
    public static Place parse(String key) {
        int dot = key.lastIndexOf('.');
        String path = dot < 0 ? "" : key.substring(key.startsWith(".") ? Math.min(1, dot) : 0, dot);
        String port = key.substring(dot + 1);
        return switch (port) {
            case "output" -> output(path);
            case "input" -> input(path);
            case "scores" -> scores(path);
            case "probabilities" -> probabilities(path);
            default ->
                throw new GraphException(
                        "'" + key
                                + "' is not a place: expected '<module path>.output' or '<module path>.input', or of an attention module '.scores' or '.probabilities', such as '.transformer.h.0.output'");
        };
    }

    /** Its key, in nnsight's spelling {@code .transformer.h.0.output}; {@code output} at the root becomes {@code .output}. */
    public String key() {
        return (path.isEmpty() ? "" : "." + path) + "." + port;
    }

    @Override
    public String toString() {
        return (path.isEmpty() ? "" : path + ".") + port;
    }
}
