package io.sightline.job.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One graph to run, and where its values go.
 *
 * @param output the safetensors file; null where nothing is written
 */
record GraphFiles(Path graph, @Nullable Path output) {
    private static final String TENSORS = ".safetensors";
    private static final String JSON = ".json";

    /**
     * One file and its output, or every {@code *.json} directly in a directory, by name, with outputs of the same base names.
     *
     * @param name of the output; with a slash at its end it is a directory even where there is none yet
     */
    static List<GraphFiles> of(Path graph, @Nullable String name) {
        Path output = name == null ? null : Path.of(name);
        if (!Files.exists(graph)) {
            throw new UsageException("no such graph: " + graph);
        } else if (!Files.isDirectory(graph)) {
            boolean intoDirectory = name != null && (name.endsWith("/") || Files.isDirectory(Path.of(name)));
            return List.of(new GraphFiles(graph, intoDirectory ? inside(output, graph) : output));
        } else if (output != null && Files.exists(output) && !Files.isDirectory(output)) {
            throw new UsageException("--graph is a directory, so --out must be one too: " + output);
        }
        List<GraphFiles> all = new ArrayList<>();
        for (Path file : jsonFiles(graph)) {
            all.add(new GraphFiles(file, inside(output, file)));
        }
        if (all.isEmpty()) {
            throw new UsageException("no *.json file directly in " + graph);
        }
        return all;
    }

    private static @Nullable Path inside(@Nullable Path directory, Path graph) {
        return directory == null ? null : directory.resolve(base(graph) + TENSORS);
    }

    private static List<Path> jsonFiles(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(JSON) && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    private static String base(Path graph) {
        String name = graph.getFileName().toString();
        return name.endsWith(JSON) ? name.substring(0, name.length() - JSON.length()) : name;
    }

    /**
     * Looks before anything is run or written.
     *
     * @param model a model's directory or file
     * @throws UsageException if a result would take the place of a graph or of one of the model's files
     */
    static void requireApart(List<GraphFiles> all, Path model) {
        Set<Path> graphs = new HashSet<>();
        all.forEach(each -> graphs.add(real(each.graph)));
        for (GraphFiles each : all) {
            Path tensors = each.output;
            if (tensors == null) {
                continue;
            }
            for (Path result : List.of(tensors, structure(tensors))) {
                String what = result.equals(tensors)
                        ? "the values would go to " + result
                        : "the values' structure goes beside " + tensors.getFileName() + ", to " + result;
                if (graphs.contains(real(result))) {
                    throw new UsageException("--out: " + what + ", which is "
                            + (real(result).equals(real(each.graph)) ? "the graph itself" : "a graph")
                            + "; give another file or directory");
                } else if (Files.exists(result) && isOf(model, real(result))) {
                    throw new UsageException(
                            "--out: " + what + ", which is one of the model's files; give another file or directory");
                }
            }
        }
    }

    private static boolean isOf(Path model, Path result) {
        return real(model).equals(result) || real(model).equals(result.getParent());
    }

    /** With links followed, if it is there. */
    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path.toAbsolutePath().normalize();
        }
    }

    /** What the graph is called in messages. */
    String name() {
        return base(graph);
    }

    /** The file with the structure, beside the tensors. */
    static Path structure(Path tensors) {
        String name = tensors.getFileName().toString();
        String base = name.endsWith(TENSORS) ? name.substring(0, name.length() - TENSORS.length()) : name;
        return tensors.resolveSibling(base + JSON);
    }
}
