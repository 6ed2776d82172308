package io.sightline.job.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    /** One file and its output, or every {@code *.json} directly in a directory, by name, with outputs of the same base names. */
    static List<GraphFiles> of(Path graph, @Nullable Path output) {
        if (!Files.exists(graph)) {
            throw new UsageException("no such graph: " + graph);
        } else if (!Files.isDirectory(graph)) {
            boolean intoDirectory = output != null && Files.isDirectory(output);
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
